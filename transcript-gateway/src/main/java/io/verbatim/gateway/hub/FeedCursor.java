package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import java.time.InstantSource;

/// One watcher's place in a call's feed: an index, and the version of the replaceable it has seen.
final class FeedCursor implements Source {

  /// Where a watcher begins.
  sealed interface Start {
    /// At the first word.
    record Whole() implements Start {}

    /// Behind an entry it has had.
    record Behind(String id) implements Start {}

    /// At the last few lines; such a place is no place to resume from, so no ids go out.
    record Tail(int lines) implements Start {}
  }

  private static final int UNPLACED = -1;

  private final CallFeed feed;
  private final Start start;
  private final Runnable wake;
  private final InstantSource clock;
  private final GatewayMetrics metrics;
  private int next = UNPLACED;
  private int generation;
  private long seenVersion;
  private boolean live;

  FeedCursor(
      CallFeed feed, Start start, Runnable wake, InstantSource clock, GatewayMetrics metrics) {
    this.feed = feed;
    this.start = start;
    this.wake = wake;
    this.clock = clock;
    this.metrics = metrics;
    this.generation = feed.generation();
    feed.attach(this);
  }

  void wake() {
    wake.run();
  }

  @Override
  public void drainInto(Batch batch) {
    if (generation != feed.generation()) {
      beginAnew(batch, "the log no longer holds what was shown");
      generation = feed.generation();
    }
    if (next == UNPLACED) {
      place(batch);
    }
    if (next != UNPLACED) {
      drainPlaced(batch);
    }
  }

  private void drainPlaced(Batch batch) {
    while (next < feed.size() && batch.hasRoom()) {
      add(batch, feed.event(next++));
    }
    if (next < feed.size() || !feed.isCaughtUp()) {
      return;
    }
    if (!live && !feed.hasEnded() && !isTail()) {
      batch.add(TranscriptEvents.caughtUp(feed.call()));
    }
    live = true;
    feed.registers().since(seenVersion, batch::addWithoutId);
    seenVersion = feed.registers().version();
  }

  private void place(Batch batch) {
    switch (start) {
      case Start.Whole _ -> next = 0;
      case Start.Behind(String id) -> placeBehind(id, batch);
      case Start.Tail(int lines) ->
          next = feed.isCaughtUp() ? Math.max(0, feed.size() - lines) : UNPLACED;
    }
  }

  /// An id is honoured only where it exists; whether it does is known when the log has been read.
  private void placeBehind(String id, Batch batch) {
    int index = feed.indexOf(id);
    if (index >= 0) {
      next = index + 1;
    } else if (feed.isCaughtUp()) {
      beginAnew(batch, "the given Last-Event-ID is not in the log");
    }
  }

  private void beginAnew(Batch batch, String reason) {
    next = isTail() ? UNPLACED : 0;
    seenVersion = 0;
    live = false;
    add(batch, TranscriptEvents.resync(feed.call(), reason));
    metrics.resynced();
  }

  private void add(Batch batch, SseEvent event) {
    if (isTail()) {
      batch.addWithoutId(event);
    } else {
      batch.add(event);
    }
  }

  private boolean isTail() {
    return start instanceof Start.Tail;
  }

  CallId call() {
    return feed.call();
  }

  @Override
  public long waitingBytes() {
    return live && generation == feed.generation() ? feed.bytesBehind(next) : 0;
  }

  @Override
  public boolean isFinished() {
    return feed.hasEnded() && next == feed.size() && generation == feed.generation();
  }

  @Override
  public String place() {
    return next > 0 && generation == feed.generation() ? feed.id(next - 1) : TranscriptLog.START;
  }

  @Override
  public void close() {
    feed.detach(this, clock.instant());
  }
}
