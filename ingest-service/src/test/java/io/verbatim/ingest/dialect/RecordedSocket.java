package io.verbatim.ingest.dialect;

import io.verbatim.ingest.websocket.CloseCode;
import io.verbatim.ingest.websocket.Socket;
import java.util.ArrayList;
import java.util.List;

/// Keeps what a dialect did with its socket, one line each.
final class RecordedSocket implements Socket {
  private final List<String> done = new ArrayList<>();

  List<String> done() {
    return List.copyOf(done);
  }

  @Override
  public void send(String text) {
    done.add(text);
  }

  @Override
  public void ping() {
    done.add("ping");
  }

  @Override
  public void close(CloseCode code, String cause, String detail) {
    done.add("close " + code.code() + " " + cause);
  }
}
