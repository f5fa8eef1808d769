package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call's transcript, read once from the log and held as encoded events for all subscribers.
///
/// The next change is read when all subscribers have been offered the last one, so a slow loop
/// reads more at a time instead of queueing.
final class CallFeed {

  private static final Logger logger = LoggerFactory.getLogger(CallFeed.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// Subscribers that are sent to in one iteration of the loop: about a millisecond's worth.
  private static final int SLICE = 100;

  /// @param bytesUpTo the size of all lines up to and with this one
  private record Line(String id, SseEvent event, long bytesUpTo) {}

  private final CallId call;
  private final TranscriptLog transcripts;
  private final EventLoop loop;
  private final GatewayMetrics metrics;
  private final InstantSource clock;
  private final SseEvent caughtUpEvent;
  private final List<Line> lines = new ArrayList<>();
  private final Set<FeedCursor> cursors = new LinkedHashSet<>();
  private LiveStateEvents liveState;
  private List<SseEvent> shared = List.of();
  private @Nullable TranscriptReader reader;
  private boolean caughtUp;
  private boolean ended;
  private int generation;
  private @Nullable TranscriptEntry last;
  private @Nullable TranscriptEntry lastVerified;
  private long unwatchedSinceMs;

  CallFeed(
      CallId call,
      TranscriptLog transcripts,
      EventLoop loop,
      GatewayMetrics metrics,
      InstantSource clock) {
    this.call = call;
    this.transcripts = transcripts;
    this.loop = loop;
    this.metrics = metrics;
    this.clock = clock;
    this.unwatchedSinceMs = clock.millis();
    this.caughtUpEvent = TranscriptEvents.caughtUp(call);
    this.liveState = new LiveStateEvents(call, metrics);
  }

  /// Begins to read. Apart from the constructor, since the log may answer at once.
  void open() {
    reader = transcripts.follow(call, TranscriptLog.START);
    pull(reader);
  }

  CallId call() {
    return call;
  }

  int size() {
    return lines.size();
  }

  SseEvent event(int index) {
    return lines.get(index).event;
  }

  String id(int index) {
    return lines.get(index).id;
  }

  /// Newest first, since a subscriber that resumes was connected a moment ago. -1 where there is no
  /// such entry.
  int indexOf(String id) {
    for (int index = lines.size() - 1; index >= 0; index--) {
      if (lines.get(index).id.equals(id)) {
        return index;
      }
    }
    return -1;
  }

  /// The size of all lines behind this many.
  long bytesBehind(int count) {
    return lines.isEmpty() ? 0 : lines.getLast().bytesUpTo - bytesBefore(count);
  }

  private long bytesBefore(int count) {
    return count == 0 ? 0 : lines.get(count - 1).bytesUpTo;
  }

  SseEvent caughtUpEvent() {
    return caughtUpEvent;
  }

  LiveStateEvents liveState() {
    return liveState;
  }

  /// Whether the log has been read to its end at least once.
  boolean isCaughtUp() {
    return caughtUp;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Grows when the log no longer held what had been read, and all was read again.
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
    return cursors.isEmpty() && (lines.isEmpty() || nowMs - unwatchedSinceMs >= retain.toMillis());
  }

  private void pull(TranscriptReader from) {
    from.next()
        .whenComplete((change, failure) -> {
          if (!from.equals(reader)) {
            return; // Closed, or replaced by the reader of the next generation.
          }
          if (change == null) {
            logger.debug("transcript.read_failed callId={}", call, failure);
            loop.after(PAUSE_AFTER_FAILURE, () -> pullAgain(from));
          } else {
            received(from, change);
          }
        });
  }

  private void pullAgain(TranscriptReader from) {
    if (from.equals(reader)) {
      pull(from);
    }
  }

  /// Clients do not reconnect after `ended`, so the entries before it are verified first.
  private void received(TranscriptReader from, TranscriptChange change) {
    TranscriptEntry entry = lastVerified;
    if (entry == null
        || change.entries().isEmpty()
        || !(change.entries().getLast() instanceof TranscriptEntry.Ended)) {
      publish(from, change);
      return;
    }
    verify(
        entry,
        unchanged -> {
          if (!from.equals(reader)) {
            return;
          }
          if (unchanged) {
            publish(from, change);
          } else {
            restart();
          }
        });
  }

  /// Adds what is new, offers it to all subscribers, and reads on when that is done.
  ///
  /// What is new in a live call is shared until the next change: by then most have been sent it.
  private void publish(TranscriptReader from, TranscriptChange change) {
    List<SseEvent> added = new ArrayList<>();
    boolean isLive = caughtUp;
    long version = liveState.version();
    change.entries().forEach(entry -> added.add(append(entry)));
    liveState.update(change.now());
    liveState.since(version, added::add);
    caughtUp |= change.caughtUp();
    share(isLive && cursors.size() > 1 ? added : List.of());
    if (ended) {
      close();
    }
    notifyCursors(() -> pullAgain(from));
  }

  private void share(List<SseEvent> events) {
    shared.forEach(SseEvent::unshare);
    shared = events;
    shared.forEach(SseEvent::share);
  }

  private SseEvent append(TranscriptEntry entry) {
    if (entry instanceof TranscriptEntry.Gap) {
      verify(); // A log that lost the entries before it reports that as a gap, and continues above.
    }
    SseEvent event = TranscriptEvents.entry(call, entry);
    lines.add(new Line(entry.id(), event, bytesBefore(lines.size()) + event.size()));
    last = entry;
    liveState.covered(entry);
    metrics.encoded();
    if (entry instanceof TranscriptEntry.Ended) {
      ended = true;
      caughtUp = true;
    }
    return event;
  }

  private void notifyCursors(Runnable done) {
    Slices.forEach(loop, List.copyOf(cursors), SLICE, FeedCursor::feedChanged, done);
  }

  /// Checks that the log still holds what was read, and begins again where it does not.
  ///
  /// It checks the last entry, because subscribers of a log that lost its tail would otherwise wait
  /// for positions that were written long ago; and the one that was last at the check before,
  /// because the log may have lost it and gone on above it since. A gap may have taken the very
  /// position of an entry that was lost, so the content is compared as well.
  void verify() {
    TranscriptEntry now = last;
    TranscriptEntry before = lastVerified;
    if (now == null) {
      return;
    }
    lastVerified = now;
    restartUnlessUnchanged(now);
    if (before != null && !before.equals(now)) {
      restartUnlessUnchanged(before);
    }
  }

  private void restartUnlessUnchanged(TranscriptEntry entry) {
    int asked = generation;
    verify(
        entry,
        unchanged -> {
          if (!unchanged && asked == generation) {
            restart();
          }
        });
  }

  /// @param result true also where the log could not be asked
  private void verify(TranscriptEntry entry, Consumer<Boolean> result) {
    transcripts
        .read(call, EntryIds.before(entry.id()), 1)
        .whenComplete((found, failure) ->
            result.accept(failure != null || (!found.isEmpty() && found.getFirst().equals(entry))));
  }

  private void restart() {
    logger.warn("transcript.resync callId={} entries={}", call, lines.size());
    generation++;
    lines.clear();
    last = null;
    lastVerified = null;
    liveState = new LiveStateEvents(call, metrics);
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

  void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /// Stops reading, and frees what is shared.
  void dispose() {
    close();
    share(List.of());
  }
}
