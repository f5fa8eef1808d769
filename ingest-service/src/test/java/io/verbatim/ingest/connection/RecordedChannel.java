package io.verbatim.ingest.connection;

import java.util.ArrayList;
import java.util.List;

/// Records a connection's calls on its channel, one line each.
final class RecordedChannel implements FrameChannel {
  private final List<String> done = new ArrayList<>();
  private boolean reading = true;

  List<String> done() {
    return List.copyOf(done);
  }

  boolean isReading() {
    return reading;
  }

  @Override
  public void send(String text) {
    done.add(text);
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public void ping() {
    done.add("ping");
  }

  @Override
  public void close(CloseCode code, String reason) {
    done.add("close " + code.code() + " " + reason);
  }

  @Override
  public void reading(boolean on) {
    reading = on;
  }
}
