package io.verbatim.ingest.transcript;

import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.TranscriptReader;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.TranscriptChange;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transcript of one call on its way to the caller that sends the audio. Confined to the event
/// loop.
///
/// Reads only while the caller has room for more. A slow caller therefore loses interims, which
/// replace each other in the log, and never an entry; at most one read of 100 entries waits in
/// memory. Entries of a replaced history break the chain of lines: the caller then gets a resync
/// and the whole transcript.
public final class CallTranscript {

  /// Receives the messages.
  public interface Listener {

    /// Whether there is room for a message.
    boolean hasRoom();

    /// Sends a message. May close the transcript.
    void send(TranscriptMessage message);
  }

  private static final Logger logger = LoggerFactory.getLogger(CallTranscript.class);
  private static final long PAUSE_AFTER_FAILURE_NANOS = Duration.ofSeconds(1).toNanos();

  /// The live state may belong to one of this many last entries: it is read before the entries, and
  /// entries that a failover lost are written again unchanged.
  private static final int RECENT = 64;

  private final CallId call;
  private final TranscriptLog log;
  private final IngestMetrics metrics;
  private final Listener listener;
  private final Queue<TranscriptEntry> waiting = new ArrayDeque<>();
  private final Deque<String> recentLines = new ArrayDeque<>();
  private SentInterims interims = new SentInterims();
  private @Nullable LiveState waitingLiveState;
  private @Nullable RecognizerStatus sentStatus;
  private @Nullable TranscriptReader reader;
  private @Nullable Runnable retry;
  private long failedAt;
  private boolean hasFailed;
  private String lastId = TranscriptLog.START;
  private String lastLine = "";
  private boolean requested;
  private boolean closed;

  public CallTranscript(CallId call, TranscriptLog log, IngestMetrics metrics, Listener listener) {
    this.call = call;
    this.log = log;
    this.metrics = metrics;
    this.listener = listener;
  }

  /// Starts to send. Call once.
  ///
  /// @param after the id of the last entry that the caller has, as it was sent; empty to begin with
  ///   the first
  public void open(Optional<String> after) {
    if (after.isEmpty()) {
      follow();
      return;
    }
    String cursor = after.get();
    int dot = cursor.indexOf('.');
    String id = dot < 0 ? cursor : cursor.substring(0, dot);
    if (EntryId.tryParse(id).isEmpty()) {
      unknown();
      return;
    }
    find(
        id,
        () -> open(after),
        found -> {
          if (found.filter(entry -> entry.cursor().equals(cursor)).isPresent()) {
            remember(found.get());
            interims.covered(found.get());
            follow();
          } else {
            unknown();
          }
        });
  }

  private void unknown() {
    send(new TranscriptMessage.Resync("the given transcripts_from is not in the log"), "resync");
    follow();
  }

  private void follow() {
    if (!closed) {
      reader = log.follow(call, lastId);
      next();
    }
  }

  private void next() {
    TranscriptReader asked = reader;
    if (asked == null || requested || !listener.hasRoom()) {
      return;
    }
    requested = true;
    var _ =
        asked
            .next()
            .whenComplete((change, failure) -> {
              if (!asked.equals(reader)) {
                return;
              }
              requested = false;
              if (change == null) {
                retryLater(failure, this::next);
              } else if (continues(change)) {
                accept(change);
              } else {
                check(change);
              }
            });
  }

  /// Whether the change belongs to the history that was read.
  private boolean continues(TranscriptChange change) {
    if (!change.entries().isEmpty()) {
      return change.entries().getFirst().link().follows(lastLine);
    }
    String current = change.liveState().line();
    return current.isEmpty() || recentLines.isEmpty() || recentLines.contains(current);
  }

  /// Distinguishes a replaced history from an unreadable entry, which also breaks the chain. In the
  /// second case the last entry that was read is still in the log.
  private void check(TranscriptChange change) {
    requested = true;
    find(
        lastId,
        () -> check(change),
        found -> {
          requested = false;
          if (found.map(entry -> entry.link().line()).filter(lastLine::equals).isPresent()) {
            accept(change);
          } else {
            restart();
          }
        });
  }

  private void restart() {
    stop();
    waiting.clear();
    recentLines.clear();
    interims = new SentInterims();
    lastId = TranscriptLog.START;
    lastLine = "";
    send(new TranscriptMessage.Resync("the history of the call was replaced"), "resync");
    follow();
  }

  private void accept(TranscriptChange change) {
    change.entries().forEach(this::remember);
    waiting.addAll(change.entries());
    waitingLiveState = change.caughtUp() ? change.liveState() : null;
    sendWaiting();
  }

  private void remember(TranscriptEntry entry) {
    lastId = entry.id();
    lastLine = entry.link().line();
    recentLines.add(lastLine);
    if (recentLines.size() > RECENT) {
      recentLines.remove();
    }
  }

  private void sendWaiting() {
    while (!closed && !waiting.isEmpty() && listener.hasRoom()) {
      TranscriptEntry entry = waiting.remove();
      interims.covered(entry);
      boolean last = entry instanceof TranscriptEntry.Ended;
      if (last) {
        stop();
      }
      send(new TranscriptMessage.Entry(entry), kind(entry));
    }
    if (!closed && waiting.isEmpty() && listener.hasRoom()) {
      sendLiveState();
      next();
    }
  }

  private void sendLiveState() {
    LiveState live = waitingLiveState;
    waitingLiveState = null;
    if (live == null || reader == null) {
      return;
    }
    if (live.recognizer().isPresent() && !live.recognizer().get().equals(sentStatus)) {
      sentStatus = live.recognizer().get();
      send(new TranscriptMessage.Status(sentStatus), "status");
    }
    interims.update(
        live.interims(), speech -> send(new TranscriptMessage.Interim(speech), "interim"));
  }

  private void send(TranscriptMessage message, String kind) {
    if (!closed) {
      metrics.transcriptSent(kind);
      listener.send(message);
    }
  }

  private static String kind(TranscriptEntry entry) {
    return switch (entry) {
      case TranscriptEntry.Final _ -> "final";
      case TranscriptEntry.Gap _ -> "gap";
      case TranscriptEntry.Ended _ -> "ended";
    };
  }

  private void find(String id, Runnable again, Consumer<Optional<TranscriptEntry>> found) {
    var _ =
        log.find(call, id)
            .whenComplete((entry, failure) -> {
              if (closed) {
                return;
              }
              if (failure != null || entry == null) {
                retryLater(failure, again);
              } else {
                found.accept(entry);
              }
            });
  }

  private void retryLater(@Nullable Throwable failure, Runnable action) {
    logger.debug("transcript.read_failed callId={}", call, failure);
    retry = action;
    hasFailed = false;
  }

  /// Continues after a failed read, and sends what a slow caller had no room for. Called several
  /// times a second.
  public void tick(long now) {
    Runnable due = retry;
    if (due == null) {
      sendWaiting();
    } else if (!hasFailed) {
      hasFailed = true;
      failedAt = now;
    } else if (now - failedAt >= PAUSE_AFTER_FAILURE_NANOS) {
      retry = null;
      due.run();
    }
  }

  /// Stops. Idempotent.
  public void close() {
    closed = true;
    retry = null;
    waiting.clear();
    stop();
  }

  private void stop() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
    requested = false;
  }
}
