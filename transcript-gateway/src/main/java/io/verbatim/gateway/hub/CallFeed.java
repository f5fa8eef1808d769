package io.verbatim.gateway.hub;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of one call's transcript, read once for all subscribers: the newest lines and what is
/// being said, encoded.
///
/// The next change is read when all subscribers have been offered the last one, so a slow loop
/// reads more at a time instead of queueing.
final class CallFeed implements FeedReader.Listener {

  private static final Logger logger = LoggerFactory.getLogger(CallFeed.class);

  /// Subscribers that are sent to in one iteration of the loop: about a millisecond's worth.
  private static final int SLICE = 100;

  private final CallId call;
  private final Function<FeedReader.Listener, FeedReader> readers;
  private final LinePages pages;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final SseEvent caughtUpEvent;
  private final LineWindow window;
  private final Set<FeedCursor> cursors = new LinkedHashSet<>();
  private LiveStateEvents liveState;
  private List<SseEvent> shared = List.of();
  private @Nullable FeedReader reader;
  private boolean isOpen;
  private boolean caughtUp;
  private boolean ended;
  private int generation;
  private long unwatchedSinceMs;

  /// @param readers makes a reader of the call's log
  /// @param pages what is read of the call's earlier lines
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
    this.unwatchedSinceMs = clock.millis();
    this.caughtUpEvent = TranscriptEvents.caughtUp(call);
    this.window = new LineWindow(memory);
    this.liveState = new LiveStateEvents(call, metrics);
  }

  /// Begins to read. Apart from the constructor, since the log may answer at once.
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

  /// Grows when the history that was read has been replaced, and all is read again.
  int generation() {
    return generation;
  }

  void attach(FeedCursor cursor) {
    cursors.add(cursor);
  }

  void detach(FeedCursor cursor) {
    if (cursors.remove(cursor)) {
      unwatchedSinceMs = clock.millis();
    }
  }

  /// Whether this feed has no subscribers, and had none for a while or holds nothing.
  boolean isForgettable(long nowMs, Duration retain) {
    return cursors.isEmpty() && (window.isEmpty() || nowMs - unwatchedSinceMs >= retain.toMillis());
  }

  @Override
  public void onBegin(Position before, List<TranscriptEntry> last) {
    window.reset(before);
    last.forEach(this::append);
    window.settle();
    isOpen = true;
    notifyCursors(() -> {});
  }

  /// Adds what is new, offers it to all subscribers, and reads on when that is done.
  ///
  /// What is new in a live call is shared until the next change: by then most have been sent it.
  @Override
  public void onChange(TranscriptChange change) {
    List<SseEvent> added = new ArrayList<>();
    boolean isLive = caughtUp;
    long version = liveState.version();
    change.entries().forEach(entry -> added.add(append(entry)));
    window.settle();
    liveState.update(change.now());
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

  /// Reads the call again where its last entry is no longer in the log.
  void verify() {
    if (reader != null) {
      reader.verify();
    }
  }

  /// Reads the call again, since its history was replaced.
  @Override
  public void onReplaced() {
    logger.warn("transcript.resync callId={} last={}", call, window.end().id());
    generation++;
    pages.drop(call);
    window.reset(Position.START);
    liveState = new LiveStateEvents(call, metrics);
    isOpen = false;
    caughtUp = false;
    ended = false;
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

  /// Stops reading, and frees what is held and shared.
  void dispose() {
    close();
    window.reset(Position.START);
    share(List.of());
  }
}
