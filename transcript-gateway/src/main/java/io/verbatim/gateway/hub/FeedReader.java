package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the end of one call's log: the last entries and then every change, until the history is
/// replaced. Confined to the event loop.
final class FeedReader {

  /// Receives what was read.
  interface Listener {

    /// The last entries. Called first.
    ///
    /// @param before the position before them
    void onBegin(Position before, List<TranscriptEntry> last);

    /// A change. The listener calls [#next] for the next one.
    void onChange(TranscriptChange change);

    /// The history was replaced. No further calls follow.
    void onReplaced();
  }

  private static final Logger logger = LoggerFactory.getLogger(FeedReader.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// Entries in the first read: the most lines per call that a page may request.
  private static final int FIRST_ENTRIES = 20;

  /// The live state may belong to one of this many last entries if it was read before the newest.
  private static final int RECENT = 64;

  private final CallId call;
  private final Function<String, TranscriptReader> follow;
  private final TranscriptReads reads;
  private final EventLoop loop;
  private final Listener listener;
  private final Deque<String> recentLines = new ArrayDeque<>();
  private Position end = Position.START;
  private @Nullable TranscriptReader reader;
  private boolean ended;
  private boolean closed;

  /// @param follow opens a reader of the entries after an id
  FeedReader(
      CallId call,
      Function<String, TranscriptReader> follow,
      TranscriptReads reads,
      EventLoop loop,
      Listener listener) {
    this.call = call;
    this.follow = follow;
    this.reads = reads;
    this.loop = loop;
    this.listener = listener;
  }

  /// Starts reading. Not done in the constructor, because the log may answer at once.
  void open() {
    reads
        .newest(call, FIRST_ENTRIES + 1)
        .whenComplete((last, failure) -> {
          if (closed) {
            return;
          }
          if (last == null) {
            tryAgain(failure, this::open);
          } else {
            begin(last);
          }
        });
  }

  /// @param last the last entries, and the one before them if it exists
  private void begin(List<TranscriptEntry> last) {
    boolean whole = last.size() <= FIRST_ENTRIES;
    Position before = whole ? Position.START : Position.after(last.getFirst());
    List<TranscriptEntry> entries = whole ? last : last.subList(1, last.size());
    remember(entries);
    listener.onBegin(before, entries);
    if (!closed && !ended) {
      reader = follow.apply(end.id());
      next();
    }
  }

  private void remember(List<TranscriptEntry> entries) {
    for (TranscriptEntry entry : entries) {
      end = Position.after(entry);
      ended |= entry instanceof TranscriptEntry.Ended;
      recentLines.add(end.line());
      if (recentLines.size() > RECENT) {
        recentLines.remove();
      }
    }
  }

  /// Reads the next change. Does nothing after the end of the transcript.
  void next() {
    if (ended) {
      stop();
    }
    if (reader == null) {
      return;
    }
    reader
        .next()
        .whenComplete((change, failure) -> {
          if (closed) {
            return;
          }
          if (change == null) {
            tryAgain(failure, this::next);
          } else if (continues(change)) {
            publish(change);
          } else {
            check(change);
          }
        });
  }

  private void publish(TranscriptChange change) {
    remember(change.entries());
    listener.onChange(change);
  }

  /// Whether the change belongs to the history that was read: its first entry is linked to the last
  /// one, or the live state was set after a recent entry. That need not be the last one, because
  /// entries that a failover lost are written again unchanged.
  private boolean continues(TranscriptChange change) {
    if (!change.entries().isEmpty()) {
      return change.entries().getFirst().link().follows(end.line());
    }
    String current = change.liveState().line();
    return current.isEmpty() || recentLines.isEmpty() || recentLines.contains(current);
  }

  /// Distinguishes a replaced history from an unreadable entry, which also breaks the link. In the
  /// second case the last entry that was read is still in the log.
  private void check(TranscriptChange change) {
    reads
        .holds(call, end)
        .whenComplete((held, failure) -> {
          if (closed) {
            return;
          }
          if (failure != null) {
            tryAgain(failure, () -> check(change));
          } else if (held) {
            publish(change);
          } else {
            replaced();
          }
        });
  }

  /// Checks whether the last entry that was read is still in the log.
  void verify() {
    Position verified = end;
    reads
        .holds(call, verified)
        .whenComplete((held, failure) -> {
          if (!closed && failure == null && !held && verified.equals(end)) {
            replaced();
          }
        });
  }

  private void replaced() {
    close();
    listener.onReplaced();
  }

  private void tryAgain(@Nullable Throwable failure, Runnable read) {
    logger.debug("transcript.read_failed callId={}", call, failure);
    loop.after(
        PAUSE_AFTER_FAILURE,
        () -> {
          if (!closed) {
            read.run();
          }
        });
  }

  /// Stops reading. Idempotent.
  void close() {
    closed = true;
    stop();
  }

  private void stop() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
