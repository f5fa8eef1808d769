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

  /// @param id where a client resumes that was sent this entry last
  /// @param line the entry's line, see [io.verbatim.pubsub.message.Link]
  /// @param bytesUpTo the size of all lines up to and with this one
  private record Line(String id, String line, SseEvent event, long bytesUpTo) {}

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

  private void received(TranscriptReader from, TranscriptChange change) {
    if (continues(change)) {
      publish(from, change);
    } else {
      restart();
    }
  }

  /// Whether the change belongs to the history that was read: each entry is linked to the one
  /// before, and where there is none, the live state was set behind an entry that was read. That
  /// need not be the last: entries that a failover lost are written again unchanged.
  private boolean continues(TranscriptChange change) {
    String line = lines.isEmpty() ? "" : lines.getLast().line;
    for (TranscriptEntry entry : change.entries()) {
      if (!entry.link().follows(line)) {
        return false;
      }
      line = entry.link().line();
    }
    String current = change.now().line();
    return !change.entries().isEmpty()
        || line.isEmpty()
        || current.isEmpty()
        || lines.reversed().stream().anyMatch(read -> read.line.equals(current));
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
    SseEvent event = TranscriptEvents.entry(call, entry);
    long bytesUpTo = bytesBefore(lines.size()) + event.size();
    lines.add(new Line(entry.cursor(), entry.link().line(), event, bytesUpTo));
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

  /// Reads the call again from its first entry, since its history was replaced.
  private void restart() {
    logger.warn("transcript.resync callId={} entries={}", call, lines.size());
    generation++;
    lines.clear();
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
