package io.verbatim.gateway.hub;

import io.verbatim.gateway.log.Position;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the end of one call's log: the last entries, whatever the transcript's length, and then
/// every change, as long as all belongs to one history. Confined to the event loop.
final class FeedReader {

  /// Told what was read.
  interface Listener {

    /// The last entries, which come first.
    ///
    /// @param before where they begin
    void onBegin(Position before, List<TranscriptEntry> last);

    /// What is new. The listener asks for the [#next] change.
    void onChange(TranscriptChange change);

    /// The history was replaced. Nothing follows.
    void onReplaced();
  }

  private static final Logger logger = LoggerFactory.getLogger(FeedReader.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// Entries to begin with: the most that a page asks for of each call.
  private static final int FIRST_ENTRIES = 20;

  /// Entries of which the live state may be one, where it was read before the newest.
  private static final int RECENT = 64;

  private final CallId call;
  private final TranscriptLog transcripts;
  private final TranscriptReads reads;
  private final EventLoop loop;
  private final Listener listener;
  private final Deque<String> recentLines = new ArrayDeque<>();
  private Position end = Position.START;
  private @Nullable TranscriptReader reader;
  private boolean ended;
  private boolean closed;

  FeedReader(
      CallId call,
      TranscriptLog transcripts,
      TranscriptReads reads,
      EventLoop loop,
      Listener listener) {
    this.call = call;
    this.transcripts = transcripts;
    this.reads = reads;
    this.loop = loop;
    this.listener = listener;
  }

  /// Begins to read. Apart from the constructor, since the log may answer at once.
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

  /// @param last one more than are shown, where there are as many
  private void begin(List<TranscriptEntry> last) {
    boolean whole = last.size() <= FIRST_ENTRIES;
    Position before = whole ? Position.START : Position.behind(last.getFirst());
    List<TranscriptEntry> entries = whole ? last : last.subList(1, last.size());
    note(entries);
    listener.onBegin(before, entries);
    if (!closed && !ended) {
      reader = transcripts.follow(call, end.id());
      next();
    }
  }

  private void note(List<TranscriptEntry> entries) {
    for (TranscriptEntry entry : entries) {
      end = Position.behind(entry);
      ended |= entry instanceof TranscriptEntry.Ended;
      recentLines.add(end.line());
      if (recentLines.size() > RECENT) {
        recentLines.remove();
      }
    }
  }

  /// Reads the next change; none follows the end of the transcript.
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
    note(change.entries());
    listener.onChange(change);
  }

  /// Whether the change clearly belongs to the history that was read: its first entry is linked to
  /// the last one, or the live state was set behind an entry that was read. That need not be the
  /// last: entries that a failover lost are written again unchanged.
  private boolean continues(TranscriptChange change) {
    if (!change.entries().isEmpty()) {
      return change.entries().getFirst().link().follows(end.line());
    }
    String current = change.now().line();
    return current.isEmpty() || recentLines.isEmpty() || recentLines.contains(current);
  }

  /// An entry that cannot be read also leaves a gap between two lines. Then the last entry that was
  /// read is still in the log.
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

  /// Asks whether the last entry that was read is still in the log.
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

  /// Nothing is read afterwards. Idempotent.
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
