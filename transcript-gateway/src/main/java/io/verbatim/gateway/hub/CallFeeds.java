package io.verbatim.gateway.hub;

import io.verbatim.gateway.calls.CallIdentity;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The feeds of the calls that have subscribers. A feed without subscribers is removed after a
/// time, and its call is read again on demand.
final class CallFeeds {

  /// Feeds whose status is repeated in one iteration of the loop.
  private static final int SLICE = 10;

  private final TranscriptLog transcripts;
  private final TranscriptReads reads;
  private final FeedMemory memory;
  private final @Nullable CaptionTranslator translator;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final Map<Key, OpenFeed> feeds = new HashMap<>();

  /// A transcript of one call.
  ///
  /// @param archiveRef the call's key in the archive; null for its transcript in the log
  private record Key(CallIdentity call, @Nullable Long archiveRef) {
    static Key of(FoundCall found) {
      return new Key(CallIdentity.of(found.record()), found.archiveRef());
    }
  }

  private record OpenFeed(CallFeed feed, LinePages pages, TranscriptReads reads) {}

  /// A reader of a transcript that never changes.
  private record NoReader() implements TranscriptReader {
    @Override
    public CompletionStage<TranscriptChange> next() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }

  /// @param memoryBytes limit for all encoded lines
  /// @param translator null if no calls are translated
  CallFeeds(
      TranscriptLog transcripts,
      TranscriptReads reads,
      long memoryBytes,
      @Nullable CaptionTranslator translator,
      EventLoop loop,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.transcripts = transcripts;
    this.reads = reads;
    this.memory = new FeedMemory(memoryBytes, metrics);
    this.translator = translator;
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// Opens a cursor in the call's feed, and the feed if needed.
  FeedCursor cursor(Subscriber subscriber, FoundCall found, FeedCursor.Start start) {
    Key key = Key.of(found);
    OpenFeed open = feeds.get(key);
    if (open != null) {
      return new FeedCursor(open.feed, open.pages, start, subscriber, metrics);
    }
    open = open(found);
    feeds.put(key, open);
    metrics.feeds(feeds.size());
    FeedCursor cursor = new FeedCursor(open.feed, open.pages, start, subscriber, metrics);
    open.feed.open();
    return cursor;
  }

  /// Opens a cursor at the end of a live call's transcript.
  FeedCursor tail(Subscriber subscriber, CallRecord live, FeedCursor.Start.Tail start) {
    return cursor(subscriber, FoundCall.inLog(live, reads), start);
  }

  /// An archived transcript has its end, so it is not followed, unless it was deleted meanwhile.
  private OpenFeed open(FoundCall found) {
    CallId call = found.record().call();
    TranscriptReads source = found.reads();
    LinePages pages = new LinePages(call, source, memory, loop, metrics);
    Function<String, TranscriptReader> follow =
        found.isArchived() ? _ -> new NoReader() : afterId -> transcripts.follow(call, afterId);
    CallFeed feed =
        new CallFeed(
            call,
            listener -> new FeedReader(call, follow, source, loop, listener),
            pages,
            memory,
            loop,
            metrics,
            clock);
    return new OpenFeed(feed, pages, source);
  }

  /// Opens a cursor in the call's translations for a cursor that was just opened in its feed. Empty
  /// if there is no translator, or the call has too many languages.
  Optional<TranslationCursor> translations(
      Subscriber subscriber, FoundCall found, FeedCursor transcript, Captions captions) {
    OpenFeed open = feeds.get(Key.of(found));
    if (open == null || translator == null) {
      return Optional.empty();
    }
    CaptionTranslator given = translator;
    CallStart start = found.record().start();
    CallTranslations translations =
        open.feed.translations(
            captions.language(),
            () ->
                new CallTranslations(
                    start.call(),
                    start.tenant(),
                    captions.language(),
                    given,
                    open.reads,
                    memory,
                    loop,
                    metrics));
    Position after =
        Optional.ofNullable(captions.lastTranslated()).flatMap(Position::ofCursor).orElse(null);
    return Optional.ofNullable(translations)
        .map(each -> new TranslationCursor(each, transcript, subscriber, after));
  }

  void removeUnused(Duration retain) {
    long nowMs = clock.millis();
    remove((_, feed) -> feed.isUnused(nowMs, retain));
  }

  /// Removes the feeds of an erased call, also those that are in use.
  void erase(CallIdentity call) {
    remove((key, _) -> key.call.equals(call));
  }

  private void remove(BiPredicate<Key, CallFeed> isRemoved) {
    feeds
        .entrySet()
        .removeIf(open -> {
          CallFeed feed = open.getValue().feed;
          boolean removed = isRemoved.test(open.getKey(), feed);
          if (removed) {
            feed.dispose();
          }
          return removed;
        });
    metrics.feeds(feeds.size());
  }

  void repeatStatus() {
    List<CallFeed> all = feeds.values().stream().map(OpenFeed::feed).toList();
    Slices.forEach(loop, all, SLICE, CallFeed::repeatStatus, () -> {});
  }

  void close() {
    feeds.values().forEach(open -> open.feed.dispose());
    feeds.clear();
  }
}
