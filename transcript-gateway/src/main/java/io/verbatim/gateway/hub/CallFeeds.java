package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The calls whose transcripts are followed. A feed is removed when it has had no subscribers for a
/// while; it is read again on demand.
final class CallFeeds {

  /// Feeds whose status is repeated in one iteration of the loop.
  private static final int SLICE = 10;

  private final TranscriptLog transcripts;
  private final TranscriptReads reads;
  private final FeedMemory memory;
  private final LinePages pages;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final Map<CallId, CallFeed> feeds = new HashMap<>();

  /// @param memoryBytes what all encoded lines may take
  CallFeeds(
      TranscriptLog transcripts,
      TranscriptReads reads,
      long memoryBytes,
      EventLoop loop,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.transcripts = transcripts;
    this.reads = reads;
    this.memory = new FeedMemory(memoryBytes, metrics);
    this.pages = new LinePages(reads, memory, loop, metrics);
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// A position in the call's feed, at which the subscriber begins.
  FeedCursor cursor(Subscriber subscriber, CallId call, FeedCursor.Start start) {
    CallFeed feed = feeds.get(call);
    if (feed != null) {
      return new FeedCursor(feed, pages, start, subscriber, metrics);
    }
    feed =
        new CallFeed(
            call,
            listener -> new FeedReader(call, transcripts, reads, loop, listener),
            pages,
            memory,
            loop,
            metrics,
            clock);
    feeds.put(call, feed);
    metrics.feeds(feeds.size());
    FeedCursor cursor = new FeedCursor(feed, pages, start, subscriber, metrics);
    feed.open();
    return cursor;
  }

  void forget(Duration retain) {
    long nowMs = clock.millis();
    for (CallFeed feed : List.copyOf(feeds.values())) {
      if (feed.isForgettable(nowMs, retain)) {
        feed.dispose();
        feeds.remove(feed.call());
      }
    }
    metrics.feeds(feeds.size());
  }

  void repeatStatus() {
    Slices.forEach(loop, List.copyOf(feeds.values()), SLICE, CallFeed::repeatStatus, () -> {});
  }

  void close() {
    feeds.values().forEach(CallFeed::dispose);
    feeds.clear();
  }
}
