package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;

/// One subscriber's position in a call's feed: an index, and the version of the live state that it
/// has been sent.
final class FeedCursor extends Source {

  /// Where a subscriber begins.
  sealed interface Start {
    /// At the first entry.
    record Whole() implements Start {}

    /// Behind an entry it has been sent.
    record Behind(String id) implements Start {}

    /// At the last few lines. They cannot be resumed from, so no ids are sent.
    record Tail(int lines) implements Start {}
  }

  private static final int UNPLACED = -1;

  private final CallFeed feed;
  private final Start start;
  private final Subscriber subscriber;
  private final GatewayMetrics metrics;
  private int next = UNPLACED;
  private int generation;
  private long sentVersion;
  private boolean live;

  FeedCursor(CallFeed feed, Start start, Subscriber subscriber, GatewayMetrics metrics) {
    this.feed = feed;
    this.start = start;
    this.subscriber = subscriber;
    this.metrics = metrics;
    this.generation = feed.generation();
    feed.attach(this);
  }

  CallId call() {
    return feed.call();
  }

  /// The feed has something new.
  void feedChanged() {
    subscriber.changed(this);
  }

  @Override
  boolean sendTo(SseConnection connection) {
    if (generation != feed.generation()) {
      generation = feed.generation();
      restart(connection, "the history of the call was replaced");
    }
    if (next == UNPLACED && !place(connection)) {
      return true;
    }
    while (next < feed.size()) {
      if (!connection.isWritable()) {
        return false;
      }
      send(connection, feed.event(next++));
    }
    if (feed.isCaughtUp()) {
      sendLive(connection);
    }
    return true;
  }

  private void sendLive(SseConnection connection) {
    if (!live && !feed.hasEnded() && !isTail()) {
      connection.write(feed.caughtUpEvent());
    }
    live = true;
    feed.liveState().since(sentVersion, connection::writeWithoutId);
    sentVersion = feed.liveState().version();
  }

  /// Answers whether the position is known: that of an id or of the last lines only is when the log
  /// has been read to its end.
  private boolean place(SseConnection connection) {
    switch (start) {
      case Start.Whole _ -> next = 0;
      case Start.Behind(String id) -> placeBehind(id, connection);
      case Start.Tail(int lines) ->
          next = feed.isCaughtUp() ? Math.max(0, feed.size() - lines) : UNPLACED;
    }
    return next != UNPLACED;
  }

  private void placeBehind(String id, SseConnection connection) {
    int index = feed.indexOf(id);
    if (index >= 0) {
      next = index + 1;
    } else if (feed.isCaughtUp()) {
      restart(connection, "the given Last-Event-ID is not in the log");
    }
  }

  private void restart(SseConnection connection, String reason) {
    next = isTail() ? UNPLACED : 0;
    sentVersion = 0;
    live = false;
    connection.writeWithoutId(TranscriptEvents.resync(feed.call(), reason));
    metrics.resynced();
  }

  private void send(SseConnection connection, SseEvent event) {
    if (isTail()) {
      connection.writeWithoutId(event);
    } else {
      connection.write(event);
    }
  }

  private boolean isTail() {
    return start instanceof Start.Tail;
  }

  @Override
  long waitingBytes() {
    return live && generation == feed.generation() ? feed.bytesBehind(next) : 0;
  }

  @Override
  boolean isFinished() {
    return feed.hasEnded() && next == feed.size() && generation == feed.generation();
  }

  /// The id of the last entry sent, `0-0` before the first: where a subscriber could resume.
  String lastEventId() {
    return next > 0 && generation == feed.generation() ? feed.id(next - 1) : TranscriptLog.START;
  }

  @Override
  void close() {
    feed.detach(this);
  }
}
