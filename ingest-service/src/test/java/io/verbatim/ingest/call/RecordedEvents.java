package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.ArrayList;
import java.util.List;

/// Records a session's events, one line each.
final class RecordedEvents implements CallListener {
  private final List<String> events = new ArrayList<>();

  List<String> all() {
    return List.copyOf(events);
  }

  @Override
  public void opened(CallId id, long nextSeq, long storedSeq) {
    events.add("opened " + id + " " + nextSeq);
  }

  @Override
  public void refused(Reason reason) {
    events.add("refused " + reason);
  }

  @Override
  public void stored(long seq) {
    events.add("stored " + seq);
  }

  @Override
  public void roomAvailable() {
    events.add("room");
  }

  @Override
  public void ended() {
    events.add("ended");
  }

  @Override
  public void superseded() {
    events.add("superseded");
  }

  @Override
  public void endedElsewhere() {
    events.add("ended elsewhere");
  }
}
