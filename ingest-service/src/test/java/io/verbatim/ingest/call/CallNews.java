package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what a call tells, one line each.
final class CallNews implements CallListener {
  private final List<String> news = new CopyOnWriteArrayList<>();

  List<String> all() {
    return List.copyOf(news);
  }

  @Override
  public void opened(CallId id, long nextSeq, long storedSeq) {
    news.add("opened " + id + " " + nextSeq);
  }

  @Override
  public void refused(Reason reason) {
    news.add("refused " + reason);
  }

  @Override
  public void stored(long seq) {
    news.add("stored " + seq);
  }

  @Override
  public void ended() {
    news.add("ended");
  }

  @Override
  public void superseded() {
    news.add("superseded");
  }

  @Override
  public void endedElsewhere() {
    news.add("ended elsewhere");
  }
}
