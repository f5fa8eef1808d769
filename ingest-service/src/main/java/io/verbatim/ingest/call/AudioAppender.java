package io.verbatim.ingest.call;

import io.verbatim.ingest.metrics.IngestMetrics.Intake;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.BusFullException;
import io.verbatim.pubsub.message.CallProgress;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.message.WriteResult.Ended;
import io.verbatim.pubsub.message.WriteResult.Fenced;
import io.verbatim.pubsub.message.WriteResult.Gone;
import io.verbatim.pubsub.message.WriteResult.Moved;
import io.verbatim.pubsub.message.WriteResult.Written;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes one call to the log: opens it, appends its audio, writes its end.
///
/// One request is in flight at a time. Frames that arrive meanwhile are appended together as one
/// entry when it completes: batching needs no timer and adds no delay on an idle connection. A
/// request without an answer is repeated unchanged. The log rejects what it already has, so nothing
/// is written twice or out of order. If the log loses the call before its transcript has ended, the
/// audio still in memory is written again, even if the call has already ended. Confined to the
/// event loop.
final class AudioAppender {
  private final AudioLog log;
  private final CallContext context;
  private final String writer;
  private final boolean resume;

  /// True for Exotel, which does not wait: while the bus is unreachable, old audio is dropped.
  private final boolean mayDrop;

  private final Events events;
  private final BacklogQuota.Share quota;
  private final Intake intake;
  private final RetryingRequest requests;
  private final Consumer<WriteResult<AudioTail>> onAppended = this::appended;

  private CallStart start;
  private RetransmitBuffer buffer;
  private boolean open;

  /// Whether a request is in flight.
  private boolean busy;

  private boolean proceeding;
  private boolean endStored;
  private boolean transcriptHasEnded;
  private boolean finished;

  /// Whether the sender must wait for [CallListener#roomAvailable].
  private boolean senderWaits;

  /// The position at which the log ends, by its last answer.
  private long tail;

  private long lastSeq;
  private long appendedAt;
  private long reportedBytes;
  private @Nullable String endReason;

  /// Receives the log's answers.
  interface Events extends CallListener {
    /// Audio was dropped because the bus is unreachable and the buffer is full.
    void dropped(long bytes);

    /// Nothing is left to write or to keep in memory.
    void finished();
  }

  /// @param writer a new random token that identifies this writer in the log
  /// @param resume whether a live call is taken over from another writer
  AudioAppender(
      CallStart start, String writer, boolean resume, CallContext context, Events events) {
    this.start = start;
    this.writer = writer;
    this.resume = resume;
    this.context = context;
    this.events = events;
    buffer = newBuffer();
    log = context.log();
    mayDrop = start.source() == Source.EXOTEL;
    quota = context.backlogQuota().join();
    intake = context.metrics().intake(start.source());
    requests = new RetryingRequest(context, this::isFinished, this::trimIfLogIsFull);
  }

  private RetransmitBuffer newBuffer() {
    return new RetransmitBuffer(
        context.settings().bufferBytes(), start.format().bytesPerFrame(), context.retransmitPool());
  }

  /// Takes over the previous writer's buffer. Call before [#open].
  void inherit(RetransmitBuffer previous) {
    buffer.close();
    buffer = previous;
    reportBytes();
  }

  /// Opens the call. Audio of a new call may be added before the answer; audio of a resumed call
  /// only after it.
  void open() {
    busy = true;
    CallOpener opener = new CallOpener(log);
    requests.send(() -> opener.open(start, writer, resume), this::opened);
  }

  /// Adds one frame. Returns whether there is room for more: if not, the sender must wait. If the
  /// buffer of an Exotel call is full while the bus is unreachable, its oldest audio is dropped.
  boolean add(byte[] pcm, long seq) {
    if (endReason != null || finished) {
      intake.count(pcm.length);
      context.metrics().dropped("call_over", pcm.length);
      return true;
    }
    lastSeq = seq;
    intake.count(buffer.add(pcm, seq, context.clock().millis()));
    if (isFull() && mayDrop && !context.connected().getAsBoolean()) {
      events.dropped(buffer.dropOldest());
    }
    if (buffer.unstoredBytes() == 0) { // The log already has this frame.
      events.stored(seq);
    }
    proceed();
    senderWaits = !hasRoom();
    return !senderWaits;
  }

  private boolean isFull() {
    return buffer.unstoredBytes() >= context.settings().bufferBytes();
  }

  /// Whether the sender need not wait: there is room, or audio is dropped instead.
  boolean hasRoom() {
    return finished || !isFull() || (mayDrop && !context.connected().getAsBoolean());
  }

  /// Ends the call after all audio added so far. Only the first reason is used.
  void end(String reason) {
    endReason = endReason == null ? reason : endReason;
    proceed();
  }

  /// The reason of the end; empty if the call has not ended.
  String endReason() {
    return endReason == null ? "" : endReason;
  }

  /// Stops writing and leaves the call to another writer.
  void abandon() {
    finish(events::superseded);
  }

  /// Stops writing and returns the buffer for the writer that takes the call over.
  RetransmitBuffer handOver() {
    RetransmitBuffer current = buffer;
    buffer = newBuffer();
    finish(events::superseded);
    return current;
  }

  /// Handles the log's answer to a heartbeat.
  void onHeartbeat(WriteResult<CallProgress> result) {
    switch (result) {
      case Written<CallProgress>(CallProgress progress) -> onProgress(progress);
      case Moved<CallProgress>(CallProgress progress) -> onProgress(progress);
      case Fenced<CallProgress> _ -> finish(events::superseded);
      case Ended<CallProgress> _ -> {
        if (endReason == null) {
          finish(events::endedElsewhere);
        } else if (transcriptHasEnded) {
          finish(events::ended);
        } else {
          transcriptHasEnded = true; // A failover can lose this: a second answer must confirm it.
        }
      }
      case Gone<CallProgress> _ -> {
        if (!busy && !finished) {
          endStored = false;
          transcriptHasEnded = false;
          reopen();
        }
      }
    }
    proceed();
  }

  /// Writes again what the log has lost: its newest entries, or only the call's end.
  private void onProgress(CallProgress progress) {
    transcriptHasEnded = false;
    boolean lost = progress.tail() < tail || (endStored && !progress.atEnd());
    if (lost && open && !busy && !finished) {
      endStored = false;
      logEndsAt(progress.tail(), progress.covered());
    } else {
      covered(progress.covered());
    }
  }

  /// Releases all memory.
  void release() {
    finish(events::ended);
  }

  /// Whether nothing is left to write or to keep in memory.
  boolean isFinished() {
    return finished;
  }

  /// Whether the call is open in the log, by the last answer.
  boolean isOpen() {
    return open && !finished;
  }

  /// The call as it was opened: [CallOpener] may have changed its id.
  CallStart start() {
    return start;
  }

  String writer() {
    return writer;
  }

  /// The position after the last byte received.
  long receivedBytes() {
    return buffer.end();
  }

  private void opened(CallOpener.Result result) {
    busy = false;
    switch (result.opening()) {
      case Opening.Opened opened -> {
        start = result.start();
        open = true;
        tail = opened.tail();
        if (resume) {
          resumeAt(opened);
        }
        long nextSeq = Math.max(opened.seq(), lastSeq) + 1;
        events.opened(start.call(), nextSeq, opened.seq());
      }
      case Opening.Refused(Opening.Reason reason) -> finish(() -> events.refused(reason));
    }
    proceed();
  }

  /// Continues with the previous writer's buffer.
  private void resumeAt(Opening.Opened opened) {
    context.metrics().lost(buffer.storedBytesAbove(tail));
    context.metrics().stored(buffer.unstoredBytesBelow(tail));
    lastSeq = buffer.resumeAt(tail, opened.partialBytes());
  }

  /// Opens the call again after the log has lost it, and writes the audio still in memory.
  private void reopen() {
    busy = true;
    requests.send(
        () -> log.open(start, writer, false),
        opening -> {
          busy = false;
          switch (opening) {
            case Opening.Opened opened -> logEndsAt(opened.tail(), opened.covered());
            case Opening.Refused _ -> finish(events::superseded);
          }
          proceed();
        });
  }

  /// Sends the requests that are due. A request may be answered before it returns, so this loops.
  private void proceed() {
    if (proceeding) {
      return;
    }
    proceeding = true;
    while (open && !busy && !finished && !endStored && request()) {}
    proceeding = false;
    reportBytes();
  }

  /// Sends the next request. Returns false if there is none.
  private boolean request() {
    AudioChunk entry = buffer.next();
    if (entry != null) {
      append(entry);
    } else if (endReason != null) {
      writeEnd(endReason);
    } else {
      return false;
    }
    return true;
  }

  private void append(AudioChunk entry) {
    busy = true;
    AudioAppend append =
        new AudioAppend(
            start.call(),
            writer,
            tail,
            entry.end(),
            entry.seq(),
            entry.partialBytes(),
            entry.bytes(),
            entry.arrivedMillis(),
            quota.limit());
    appendedAt = System.nanoTime();
    requests.send(() -> log.append(append), onAppended);
  }

  private void appended(WriteResult<AudioTail> result) {
    busy = false;
    AudioChunk entry = Objects.requireNonNull(buffer.writing());
    context
        .metrics()
        .appended(System.nanoTime() - appendedAt, entry.size(), buffer.writingFrames());
    switch (result) {
      case Written<AudioTail>(AudioTail log) -> stored(entry, log);
      case Moved<AudioTail>(AudioTail log) when log.tail() >= entry.end() -> stored(entry, log);
      case Moved<AudioTail>(AudioTail log) -> {
        context.metrics().retried("tail_moved");
        buffer.putBack();
        logEndsAt(log.tail(), log.covered());
      }
      case Gone<AudioTail> _ -> {
        buffer.putBack();
        reopen();
      }
      case Fenced<AudioTail> _ -> finish(events::superseded);
      case Ended<AudioTail> _ -> finish(events::endedElsewhere);
    }
    proceed();
  }

  private void stored(AudioChunk entry, AudioTail log) {
    buffer.written();
    context.metrics().stored(entry.size());
    tail = log.tail();
    covered(log.covered());
    events.stored(buffer.unstoredBytes() == 0 ? lastSeq : entry.seq());
    if (senderWaits && buffer.unstoredBytes() <= context.settings().bufferBytes() / 2) {
      roomAvailable();
    }
  }

  /// Trims this call's oldest audio if the log is out of memory: losing old audio is better than
  /// accepting none. The append is retried like any failed one.
  private void trimIfLogIsFull(Throwable failure) {
    if (failure instanceof BusFullException || failure.getCause() instanceof BusFullException) {
      var _ = log.trimOldest(start.call(), writer).thenAccept(context.metrics()::trimmed);
    }
  }

  /// The log ends at another position than expected: audio after it is written again.
  private void logEndsAt(long actualTail, long covered) {
    tail = actualTail;
    context.metrics().lost(buffer.logEndsAt(actualTail));
    covered(covered);
  }

  /// Finals cover the audio below this position.
  private void covered(long position) {
    buffer.covered(position, context.clock().millis());
    quota.set(Math.max(0, tail - position));
  }

  private void writeEnd(String reason) {
    busy = true;
    requests.send(
        () -> log.end(start.call(), writer, tail, Math.max(tail, buffer.end()), reason),
        result -> {
          busy = false;
          switch (result) {
            case Written<AudioTail> _ -> {
              endStored = true;
              quota.leave();
              events.ended();
            }
            case Ended<AudioTail> _ -> finish(events::ended);
            case Moved<AudioTail>(AudioTail log) -> logEndsAt(log.tail(), log.covered());
            case Gone<AudioTail> _ -> reopen();
            case Fenced<AudioTail> _ -> finish(events::superseded);
          }
          proceed();
        });
  }

  private void finish(Runnable event) {
    if (finished) {
      return;
    }
    finished = true;
    context.metrics().dropped("call_over", buffer.unstoredBytes());
    buffer.close();
    quota.close();
    reportBytes();
    event.run();
    events.finished();
    roomAvailable();
  }

  private void roomAvailable() {
    if (senderWaits) {
      senderWaits = false;
      events.roomAvailable();
    }
  }

  private void reportBytes() {
    long bytes = buffer.bytes();
    context.metrics().buffered(bytes - reportedBytes);
    reportedBytes = bytes;
  }
}
