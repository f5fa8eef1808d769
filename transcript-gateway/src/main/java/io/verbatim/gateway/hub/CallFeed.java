package io.verbatim.gateway.hub;

import io.verbatim.batch.translator.Language;
import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of one call's transcript, read once for all subscribers: the newest lines and the live
/// state, encoded.
///
/// The next change is read after all cursors were notified of the last one, so a slow loop reads
/// more at a time instead of queueing.
final class CallFeed implements FeedReader.Listener {

  private static final Logger logger = LoggerFactory.getLogger(CallFeed.class);

  /// Cursors that are notified in one iteration of the loop: about a millisecond of work.
  private static final int SLICE = 100;

  /// Time that a call without translations stays in memory without cursors: enough for a client
  /// that reconnects. Lines cost one read of the log when they are needed again, translations cost
  /// money.
  private static final Duration MAX_UNTRANSLATED_RETAIN = Duration.ofSeconds(30);

  /// Languages into which one call is translated.
  private static final int MAX_LANGUAGES = 10;

  private final CallId call;
  private final Function<FeedReader.Listener, FeedReader> readers;
  private final LinePages pages;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final SseEvent caughtUpEvent;
  private final LineWindow window;
  private final Set<FeedCursor> cursors = new LinkedHashSet<>();
  private final Map<String, CallTranslations> translations = new HashMap<>();
  private LiveStateEvents liveState;
  private List<SseEvent> shared = List.of();
  private @Nullable FeedReader reader;
  private boolean isOpen;
  private boolean isDisposed;
  private boolean caughtUp;
  private boolean ended;
  private int generation;
  private long unusedSinceMs;

  /// @param readers creates a reader of the call's log
  /// @param pages caches the call's earlier lines, for this feed only
  CallFeed(
      CallId call,
      Function<FeedReader.Listener, FeedReader> readers,
      LinePages pages,
      FeedMemory memory,
      EventLoop loop,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.call = call;
    this.readers = readers;
    this.pages = pages;
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
    this.unusedSinceMs = clock.millis();
    this.caughtUpEvent = TranscriptEvents.caughtUp(call);
    this.window = new LineWindow(memory);
    this.liveState = new LiveStateEvents(call, metrics);
  }

  /// Starts reading. Not done in the constructor, because the log may answer at once.
  void open() {
    reader = readers.apply(this);
    reader.open();
  }

  CallId call() {
    return call;
  }

  LineWindow window() {
    return window;
  }

  SseEvent caughtUpEvent() {
    return caughtUpEvent;
  }

  LiveStateEvents liveState() {
    return liveState;
  }

  /// Whether the window holds the last lines.
  boolean isOpen() {
    return isOpen;
  }

  /// Whether the log has been read to its end at least once.
  boolean isCaughtUp() {
    return caughtUp;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Grows when the history was replaced and is read again.
  int generation() {
    return generation;
  }

  void attach(FeedCursor cursor) {
    cursors.add(cursor);
  }

  void detach(FeedCursor cursor) {
    if (cursors.remove(cursor)) {
      unusedSinceMs = clock.millis();
    }
  }

  /// The translations of this call into a language; null if there are too many languages.
  ///
  /// @param create creates those of a language that has none yet
  @Nullable CallTranslations translations(Language language, Supplier<CallTranslations> create) {
    CallTranslations found = translations.get(language.tag());
    if (found == null && translations.size() < MAX_LANGUAGES) {
      found = create.get();
      translations.put(language.tag(), found);
      found.open();
    }
    return found;
  }

  /// Whether this feed has no cursors, and has had none for the given time or holds no lines. If it
  /// holds no translations, half a minute is enough.
  boolean isUnused(long nowMs, Duration retain) {
    boolean isEmpty = window.isEmpty() && pages.isEmpty();
    boolean isShort = translations.isEmpty() && MAX_UNTRANSLATED_RETAIN.compareTo(retain) < 0;
    Duration kept = isShort ? MAX_UNTRANSLATED_RETAIN : retain;
    return cursors.isEmpty()
        && translations.values().stream().noneMatch(CallTranslations::hasCursors)
        && (isEmpty || nowMs - unusedSinceMs >= kept.toMillis());
  }

  @Override
  public void onBegin(Position before, List<TranscriptEntry> last) {
    window.reset(before);
    last.forEach(this::append);
    window.settle();
    isOpen = true;
    notifyCursors(() -> {});
  }

  /// Adds the new lines, notifies all cursors, and then reads on.
  ///
  /// The new events of a live call are shared until the next change, because most subscribers have
  /// been sent them by then.
  @Override
  public void onChange(TranscriptChange change) {
    List<SseEvent> added = new ArrayList<>();
    boolean isLive = caughtUp;
    long version = liveState.version();
    change.entries().forEach(entry -> added.add(append(entry)));
    window.settle();
    liveState.update(change.liveState());
    liveState.since(version, added::add);
    caughtUp |= change.caughtUp();
    share(isLive && cursors.size() > 1 ? added : List.of());
    notifyCursors(this::readOn);
  }

  private void readOn() {
    if (reader != null) {
      reader.next();
    }
  }

  private void share(List<SseEvent> events) {
    shared.forEach(SseEvent::unshare);
    shared = events;
    shared.forEach(SseEvent::share);
  }

  private SseEvent append(TranscriptEntry entry) {
    Line line = Line.of(call, entry);
    window.add(line);
    liveState.covered(entry);
    translations.values().forEach(each -> each.added(entry));
    metrics.encoded(1);
    if (entry instanceof TranscriptEntry.Ended) {
      ended = true;
      caughtUp = true;
    }
    return line.event();
  }

  private void notifyCursors(Runnable done) {
    Slices.forEach(loop, List.copyOf(cursors), SLICE, FeedCursor::feedChanged, done);
  }

  /// Reads the call again if its last entry is no longer in the log.
  void verify() {
    if (reader != null) {
      reader.verify();
    }
  }

  /// Reads the call again, because its history was replaced. A feed that was disposed stays closed,
  /// because the log may have another call with this id now.
  @Override
  public void onReplaced() {
    if (isDisposed) {
      return;
    }
    logger.warn("transcript.resync callId={} last={}", call, window.end().id());
    generation++;
    pages.drop();
    window.reset(Position.START);
    liveState = new LiveStateEvents(call, metrics);
    isOpen = false;
    caughtUp = false;
    ended = false;
    translations.values().forEach(CallTranslations::restart);
    close();
    open();
    notifyCursors(() -> {});
  }

  /// Sends the recogniser's state again, after all subscribers were notified that it is unknown.
  void repeatStatus() {
    if (!ended) {
      liveState.repeatStatus();
      notifyCursors(() -> {});
    }
  }

  private void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /// Stops reading, and frees the lines, the pages and the shared events. Cursors that remain send
  /// nothing more.
  void dispose() {
    close();
    isDisposed = true;
    isOpen = false;
    pages.drop();
    window.reset(Position.START);
    share(List.of());
    translations.values().forEach(CallTranslations::dispose);
    translations.clear();
  }
}
