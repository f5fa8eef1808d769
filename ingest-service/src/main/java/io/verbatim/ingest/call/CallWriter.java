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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Writes one call to the log: opens it, appends its audio, writes its end.
///
/// One request is under way at a time. Frames that come meanwhile gather, and go as one entry when
/// it returns: no timer, so no delay where the line is quiet and no flood where it is busy. A
/// request without an answer is made again, the same, until there is one: the log refuses what it
/// has already, so nothing is written twice and nothing overtakes. A log that forgets the call
/// before its transcript has ended, even behind its end, gets again what is still in memory. For
/// use by any thread.
final class CallWriter {
  private final AudioLog log;
  private final CallTools tools;
  private final String writer;
  private final boolean mayDrop;
  private final CallListener listener;
  private final AudioBuffer buffer;
  private final UnreadAudio.Part unread;
  private final Intake intake;
  private final UntilAnswered requests;
  private final Steps steps = new Steps(this::proceed);

  private CallStart start;
  private HeldAudio inherited = HeldAudio.NONE;
  private boolean open;
  private boolean busy;
  private boolean endStored;
  private boolean transcriptHasEnded;
  private boolean finished;
  private long tail;
  private long lastSeq;
  private @Nullable String endReason;
  private @Nullable CompletableFuture<Void> room;

  CallWriter(CallStart start, String writer, CallTools tools, CallListener listener) {
    this.start = start;
    this.writer = writer;
    this.tools = tools;
    this.listener = listener;
    log = tools.log();
    mayDrop = start.source() == Source.EXOTEL;
    buffer = new AudioBuffer(tools.settings().bufferBytes(), start.format().bytesPerFrame());
    unread = tools.unread().join();
    intake = tools.metrics().intake(start.source().wireName());
    requests = new UntilAnswered(tools, steps::take, () -> finished);
  }

  /// Opens the call; audio may be added before the answer.
  void open() {
    open(false, HeldAudio.NONE);
  }

  /// Takes the call over from another writer; audio is added when that is done.
  ///
  /// @param held by the writer before, of what the log may lack
  void resume(HeldAudio held) {
    open(true, held);
  }

  private void open(boolean resume, HeldAudio held) {
    CallOpener opener = new CallOpener(log);
    steps.take(() -> {
      inherited = held;
      busy = true;
      requests.ask(() -> opener.open(start, writer, resume), result -> opened(result, resume));
    });
  }

  /// Takes one frame in and answers how many bytes had to be dropped for it.
  long add(byte[] pcm, long seq) {
    long[] dropped = {0};
    steps.take(() -> {
      if (endReason != null || finished) {
        intake.count(pcm.length);
        tools.metrics().dropped("call_over", pcm.length);
        return;
      }
      lastSeq = seq;
      intake.count(buffer.add(pcm, seq, tools.clock().millis()));
      if (mayDrop) {
        dropped[0] = buffer.dropOldest();
      }
      if (buffer.unstoredBytes() == 0) {
        steps.tell(() -> listener.stored(seq));
      }
    });
    return dropped[0];
  }

  /// Ends the call behind all audio taken in so far. Only the first end counts.
  void end(String reason) {
    steps.take(() -> endReason = endReason == null ? reason : endReason);
  }

  /// Why it ended; empty where it has not.
  String endReason() {
    return steps.read(() -> endReason == null ? "" : endReason);
  }

  /// Leaves the call to another writer.
  void abandon() {
    steps.take(() -> finish(listener::superseded));
  }

  /// Leaves the call to the writer that has taken it over, with all audio held of it.
  HeldAudio leave() {
    HeldAudio[] held = {HeldAudio.NONE};
    steps.take(() -> {
      if (!finished) {
        held[0] = open ? buffer.giveAway() : inherited;
        inherited = HeldAudio.NONE;
        finish(listener::superseded);
      }
    });
    return held[0];
  }

  /// Completes when there is room for more audio, or no use for it.
  CompletionStage<Void> room() {
    return steps.read(() -> {
      if (finished || buffer.unstoredBytes() < tools.settings().bufferBytes()) {
        return CompletableFuture.completedFuture(null);
      }
      room = room == null ? new CompletableFuture<>() : room;
      return room;
    });
  }

  /// Takes note of what the log answered to a sign of life.
  void noteLife(WriteResult<CallProgress> outcome) {
    steps.take(() -> {
      switch (outcome) {
        case WriteResult.Written(CallProgress progress) -> {
          transcriptHasEnded = false;
          notesWhatIsMissing(progress);
        }
        case WriteResult.Fenced() -> finish(listener::superseded);
        case WriteResult.Ended() -> {
          if (endReason == null) {
            finish(listener::endedElsewhere);
          } else if (transcriptHasEnded) {
            finish(listener::ended);
          } else {
            transcriptHasEnded = true; // until it is told again, it may be lost in a failover
          }
        }
        case WriteResult.Moved(_) -> {}
        case WriteResult.Gone() -> {
          if (!busy && !finished) {
            endStored = false;
            transcriptHasEnded = false;
            reopen();
          }
        }
      }
    });
  }

  /// A log that has lost its end, or only the call's, gets it again.
  private void notesWhatIsMissing(CallProgress alive) {
    boolean lost = alive.tail() < tail || (endStored && !alive.atEnd());
    if (lost && open && !busy && !finished) {
      endStored = false;
      logEndsAt(alive.tail(), alive.covered());
    } else {
      covered(alive.covered());
    }
  }

  /// Lets go of what is kept for a log that might forget.
  void forget() {
    steps.take(() -> finish(listener::ended));
  }

  /// Whether nothing is left to do or to keep.
  boolean isFinished() {
    return steps.read(() -> finished);
  }

  /// Whether the log knows the call, as far as we know.
  boolean isOpen() {
    return steps.read(() -> open && !finished);
  }

  /// The call, under the id it was opened with.
  CallStart start() {
    return steps.read(() -> start);
  }

  String writer() {
    return writer;
  }

  /// Position behind the last byte taken in.
  long receivedBytes() {
    return steps.read(buffer::end);
  }

  long bufferedBytes() {
    return steps.read(() -> buffer.bytes() + inherited.bytes());
  }

  private void opened(CallOpener.Result result, boolean resume) {
    busy = false;
    switch (result.opening()) {
      case Opening.Opened opened -> {
        start = result.start();
        open = true;
        tail = opened.tail();
        if (resume) {
          buffer.startAt(tail, opened.partialBytes());
          inherit();
        }
        long nextSeq = Math.max(opened.seq(), lastSeq) + 1;
        steps.tell(() -> listener.opened(result.start().call(), nextSeq, opened.seq()));
      }
      case Opening.Refused(Opening.Reason reason) -> finish(() -> listener.refused(reason));
    }
  }

  /// Goes on with what the writer before held.
  private void inherit() {
    tools.metrics().lost(inherited.storedBytesAbove(tail));
    tools.metrics().stored(inherited.unstoredBytesBelow(tail));
    lastSeq = buffer.goOnWith(inherited);
    inherited = HeldAudio.NONE;
  }

  /// The log has lost the call: it begins anew there, with what is still in memory.
  private void reopen() {
    busy = true;
    requests.ask(
        () -> log.open(start, writer, false),
        opening -> {
          busy = false;
          switch (opening) {
            case Opening.Opened opened -> {
              buffer.forgotten();
              logEndsAt(opened.tail(), opened.covered());
            }
            case Opening.Refused _ -> finish(listener::superseded);
          }
        });
  }

  /// Makes the next request, if it is time for one.
  private void proceed() {
    if (!open || busy || finished || endStored) {
      return;
    }
    Optional<AudioBatch> batch = buffer.next();
    if (batch.isPresent()) {
      append(batch.get());
    } else if (endReason != null) {
      end(buffer.end(), endReason);
    }
  }

  private void append(AudioBatch batch) {
    busy = true;
    AudioAppend append =
        new AudioAppend(
            start.call(),
            writer,
            tail,
            batch.end(),
            batch.seq(),
            batch.partialBytes(),
            batch.bytes(),
            batch.arrivedMillis(),
            unread.most());
    long asked = System.nanoTime();
    requests.ask(
        () -> log.append(append).exceptionallyCompose(this::makeRoomInLog),
        outcome -> {
          busy = false;
          tools
              .metrics()
              .appended(
                  Duration.ofNanos(System.nanoTime() - asked), batch.size(), batch.chunks().size());
          appended(batch, outcome);
        });
  }

  /// A log without room gets some from this very call: losing its oldest audio is better than
  /// standing still. The append is then made again like any that failed.
  private CompletionStage<WriteResult<AudioTail>> makeRoomInLog(Throwable failure) {
    CompletionStage<WriteResult<AudioTail>> failed = CompletableFuture.failedFuture(failure);
    boolean full =
        failure instanceof BusFullException || failure.getCause() instanceof BusFullException;
    return full
        ? log.trimOldest(start().call(), writer)
            .thenCompose(bytes -> {
              tools.metrics().shed(bytes);
              return failed;
            })
        : failed;
  }

  private void appended(AudioBatch batch, WriteResult<AudioTail> outcome) {
    switch (outcome) {
      case Written(AudioTail(long newTail, long covered, _)) -> stored(batch, newTail, covered);
      case Moved(AudioTail(long trueTail, long covered, _)) when trueTail >= batch.end() ->
          stored(batch, trueTail, covered);
      case Moved(AudioTail(long trueTail, long covered, _)) -> {
        tools.metrics().retried("tail_moved");
        buffer.putBack(batch);
        logEndsAt(trueTail, covered);
      }
      case Gone() -> {
        buffer.putBack(batch);
        reopen();
      }
      case Fenced() -> finish(listener::superseded);
      case Ended() -> finish(listener::endedElsewhere);
    }
  }

  private void stored(AudioBatch batch, long newTail, long covered) {
    buffer.stored(batch);
    tools.metrics().stored(batch.size());
    tail = newTail;
    covered(covered);
    long seq = buffer.unstoredBytes() == 0 ? lastSeq : batch.seq();
    steps.tell(() -> listener.stored(seq));
    if (buffer.unstoredBytes() <= tools.settings().bufferBytes() / 2) {
      makeRoom();
    }
  }

  private void logEndsAt(long trueTail, long covered) {
    tail = trueTail;
    tools.metrics().lost(buffer.logEndsAt(trueTail));
    covered(covered);
  }

  private void covered(long position) {
    buffer.covered(position, tools.clock().millis());
    unread.is(Math.max(0, tail - position));
  }

  private void end(long end, String reason) {
    busy = true;
    requests.ask(
        () -> log.end(start.call(), writer, tail, Math.max(tail, end), reason),
        outcome -> {
          busy = false;
          switch (outcome) {
            case Written(_) -> {
              endStored = true;
              unread.leave();
              steps.tell(listener::ended);
              makeRoom();
            }
            case Ended() -> finish(listener::ended);
            case Moved(AudioTail(long trueTail, long covered, _)) -> logEndsAt(trueTail, covered);
            case Gone() -> reopen();
            case Fenced() -> finish(listener::superseded);
          }
        });
  }

  private void finish(Runnable tell) {
    if (!finished) {
      finished = true;
      tools
          .metrics()
          .dropped(
              "call_over", buffer.unstoredBytes() + inherited.unstoredBytesBelow(Long.MAX_VALUE));
      buffer.clear();
      inherited = HeldAudio.NONE;
      unread.close();
      steps.tell(tell);
      makeRoom();
    }
  }

  private void makeRoom() {
    CompletableFuture<Void> waited = room;
    room = null;
    if (waited != null) {
      steps.tell(() -> waited.complete(null));
    }
  }
}
