package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.gateway.sse.SseEvent;
import io.verbatim.gateway.sse.TranscriptEvents;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call's transcript, read once from the log and held as encoded events for all who watch.
final class CallFeed {

  private static final Logger log = LoggerFactory.getLogger(CallFeed.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// @param bytesUpTo the size of all lines up to and with this one
  private record Line(String id, SseEvent event, long bytesUpTo) {}

  private final CallId call;
  private final TranscriptLog transcripts;
  private final HubThread thread;
  private final GatewayMetrics metrics;
  private final List<Line> lines = new ArrayList<>();
  private final Set<FeedCursor> cursors = new LinkedHashSet<>();
  private Registers registers;
  private @Nullable TranscriptReader reader;
  private boolean caughtUp;
  private boolean ended;
  private int generation;
  private @Nullable Line lastVerified;
  private Instant unwatchedSince;

  CallFeed(
      CallId call,
      TranscriptLog transcripts,
      HubThread thread,
      GatewayMetrics metrics,
      Instant now) {
    this.call = call;
    this.transcripts = transcripts;
    this.thread = thread;
    this.metrics = metrics;
    this.registers = new Registers(call, metrics);
    this.unwatchedSince = now;
    follow();
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

  /// Newest first, since whoever resumes was there a moment ago.
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

  Registers registers() {
    return registers;
  }

  /// Whether the log has been read to its end at least once.
  boolean isCaughtUp() {
    return caughtUp;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Grows when the log no longer held what had been read and all was read anew.
  int generation() {
    return generation;
  }

  void attach(FeedCursor cursor) {
    cursors.add(cursor);
  }

  void detach(FeedCursor cursor, Instant now) {
    if (cursors.remove(cursor) && cursors.isEmpty()) {
      unwatchedSince = now;
    }
  }

  /// Whether nobody would miss this feed: unwatched for a while, or empty and unwatched.
  boolean isForgettable(Instant now, Duration retain) {
    return cursors.isEmpty() && (lines.isEmpty() || !now.isBefore(unwatchedSince.plus(retain)));
  }

  /// Asks whether lines still stand as they were read, and begins anew where they do not: the last
  /// one, for a log that lost its tail would otherwise leave everyone here waiting for positions
  /// long written; and the one that was last when this was asked before, for the log may have
  /// forgotten it and gone on above it since. Where words were lost, a gap may have taken their
  /// very place.
  void verify() {
    if (lines.isEmpty()) {
      return;
    }
    Line last = lines.getLast();
    Line before = lastVerified;
    lastVerified = last;
    verify(last);
    if (before != null && !before.equals(last)) {
      verify(before);
    }
  }

  private void verify(Line line) {
    int asked = generation;
    transcripts
        .read(call, EntryIds.before(line.id), 1)
        .whenComplete((found, failure) -> {
          if (failure == null && (found.isEmpty() || !stands(line, found.getFirst()))) {
            thread.execute(() -> restart(asked));
          }
        });
  }

  private boolean stands(Line line, TranscriptEntry found) {
    return line.id.equals(found.id()) && line.event.isSameAs(TranscriptEvents.entry(call, found));
  }

  void repeatStatus() {
    if (!ended) {
      registers.repeatStatus();
      wake();
    }
  }

  void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  private void restart(int asked) {
    if (asked != generation) {
      return;
    }
    log.warn("transcript.resync callId={} entries={}", call, lines.size());
    generation++;
    lines.clear();
    lastVerified = null;
    registers = new Registers(call, metrics);
    caughtUp = false;
    ended = false;
    close();
    follow();
    wake();
  }

  private void follow() {
    TranscriptReader opened = transcripts.follow(call, TranscriptLog.START);
    reader = opened;
    pull(opened);
  }

  private void pull(TranscriptReader from) {
    int asked = generation;
    from.next()
        .whenComplete((change, failure) ->
            thread.execute(() -> {
              if (asked == generation && reader != null) {
                pulled(from, change, failure);
              }
            }));
  }

  private void pulled(
      TranscriptReader from, @Nullable TranscriptChange change, @Nullable Throwable failure) {
    if (change == null) {
      log.debug("transcript.unread callId={}", call, failure);
      thread.after(PAUSE_AFTER_FAILURE, () -> pull(from));
      return;
    }
    boolean isLast =
        !change.entries().isEmpty() && change.entries().getLast() instanceof TranscriptEntry.Ended;
    if (isLast && lastVerified != null) {
      takeIfStands(lastVerified, from, change);
    } else {
      take(from, change);
    }
  }

  /// After the end nobody comes back to be told better: the words before it are looked at first.
  private void takeIfStands(Line line, TranscriptReader from, TranscriptChange change) {
    int asked = generation;
    transcripts
        .read(call, EntryIds.before(line.id), 1)
        .whenComplete((found, failure) ->
            thread.execute(() -> {
              if (asked != generation || reader == null) {
                return;
              }
              if (failure == null && (found.isEmpty() || !stands(line, found.getFirst()))) {
                restart(asked);
              } else {
                take(from, change);
              }
            }));
  }

  private void take(TranscriptReader from, TranscriptChange change) {
    apply(change);
    if (ended) {
      close();
    } else {
      pull(from);
    }
    wake();
  }

  private void apply(TranscriptChange change) {
    change.entries().forEach(this::append);
    registers.update(change.now());
    caughtUp |= change.caughtUp();
  }

  private void append(TranscriptEntry entry) {
    if (entry instanceof TranscriptEntry.Gap) {
      verify(); // a log that forgot the words before it says so by a gap, and goes on above them
    }
    SseEvent event = TranscriptEvents.entry(call, entry);
    lines.add(new Line(entry.id(), event, bytesBefore(lines.size()) + event.size()));
    registers.covered(entry);
    metrics.encoded();
    if (entry instanceof TranscriptEntry.Ended) {
      ended = true;
      caughtUp = true;
    }
  }

  private void wake() {
    List.copyOf(cursors).forEach(FeedCursor::wake);
  }
}
