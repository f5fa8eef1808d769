package io.verbatim.gateway.hub;

import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The feeds of the calls that have subscribers. A feed without subscribers is removed after a
/// time, and its call is read again on demand.
final class CallFeeds {

  /// Feeds whose status is repeated in one iteration of the loop.
  private static final int SLICE = 10;

  private static final long NOT_ARCHIVED = -1;

  private final TranscriptLog transcripts;
  private final TranscriptReads reads;
  private final FeedMemory memory;
  private final LinePages pages;
  private final @Nullable CaptionTranslator translator;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final Map<Key, OpenFeed> feeds = new HashMap<>();

  /// A transcript: of a call in the log, or one of the archived calls with an id.
  private record Key(CallId call, long archiveRef) {}

  /// @param tenant the owner of the call; empty for the last lines of live calls
  private record OpenFeed(CallFeed feed, LinePages pages, TranscriptReads reads, String tenant) {}

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
    this.pages = new LinePages(reads, memory, loop, metrics);
    this.translator = translator;
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// Opens a cursor in the call's feed, and the feed if needed.
  FeedCursor cursor(Subscriber subscriber, FoundCall found, FeedCursor.Start start) {
    CallId call = found.record().call();
    String tenant = found.record().start().tenant();
    return found.archiveRef() == null
        ? cursor(subscriber, key(found), start, () -> inLog(call, tenant))
        : cursor(subscriber, key(found), start, () -> inArchive(found));
  }

  private static Key key(FoundCall found) {
    Long archiveRef = found.archiveRef();
    return new Key(found.record().call(), archiveRef == null ? NOT_ARCHIVED : archiveRef);
  }

  /// Opens a cursor in the call's translations for a cursor that was just opened in its feed. Empty
  /// if there is no translator, or the call has too many languages.
  Optional<TranslationCursor> translations(
      Subscriber subscriber, FoundCall found, FeedCursor transcript, Captions captions) {
    OpenFeed open = feeds.get(key(found));
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

  /// Opens a cursor at the end of a live call's transcript.
  FeedCursor tail(Subscriber subscriber, CallId call, FeedCursor.Start.Tail start) {
    return cursor(subscriber, new Key(call, NOT_ARCHIVED), start, () -> inLog(call, ""));
  }

  private FeedCursor cursor(
      Subscriber subscriber, Key key, FeedCursor.Start start, Supplier<OpenFeed> create) {
    OpenFeed open = feeds.get(key);
    if (open != null) {
      return new FeedCursor(open.feed, open.pages, start, subscriber, metrics);
    }
    open = create.get();
    feeds.put(key, open);
    metrics.feeds(feeds.size());
    FeedCursor cursor = new FeedCursor(open.feed, open.pages, start, subscriber, metrics);
    open.feed.open();
    return cursor;
  }

  private OpenFeed inLog(CallId call, String tenant) {
    return open(call, tenant, pages, reads, afterId -> transcripts.follow(call, afterId));
  }

  /// An archived transcript has its end, so it is not followed, unless it was deleted meanwhile.
  private OpenFeed inArchive(FoundCall found) {
    LinePages own = new LinePages(found.reads(), memory, loop, metrics);
    return open(
        found.record().call(),
        found.record().start().tenant(),
        own,
        found.reads(),
        _ -> new NoReader());
  }

  private OpenFeed open(
      CallId call,
      String tenant,
      LinePages linePages,
      TranscriptReads source,
      Function<String, TranscriptReader> follow) {
    return new OpenFeed(
        new CallFeed(
            call,
            listener -> new FeedReader(call, follow, source, loop, listener),
            linePages,
            memory,
            loop,
            metrics,
            clock),
        linePages,
        source,
        tenant);
  }

  void removeUnused(Duration retain) {
    long nowMs = clock.millis();
    for (Map.Entry<Key, OpenFeed> open : List.copyOf(feeds.entrySet())) {
      CallFeed feed = open.getValue().feed;
      if (feed.isUnused(nowMs, retain)) {
        remove(open.getKey());
      }
    }
    metrics.feeds(feeds.size());
  }

  private void remove(Key key) {
    OpenFeed open = feeds.remove(key);
    if (open != null) {
      open.feed.dispose();
      if (key.archiveRef != NOT_ARCHIVED) {
        open.pages.drop(key.call);
      }
    }
  }

  /// Removes the feeds of an erased call, also those that are in use.
  void erase(CallId call, String tenant) {
    for (Map.Entry<Key, OpenFeed> open : List.copyOf(feeds.entrySet())) {
      String owner = open.getValue().tenant;
      if (open.getKey().call.equals(call) && (owner.isEmpty() || owner.equals(tenant))) {
        open.getValue().pages.drop(call);
        remove(open.getKey());
      }
    }
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
