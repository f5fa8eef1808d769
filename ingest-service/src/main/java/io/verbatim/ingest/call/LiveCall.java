package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call from its opening until its end is in the log, or somebody else's.
///
/// It outlives its socket: until all its audio and its end are stored, and a pcm call until its
/// caller has had time to come back. It ends once, by the first reason given; what it holds it
/// keeps for a while longer, in case the log forgets it before its transcript has ended. For use by
/// any thread.
public final class LiveCall {
  private static final Logger logger = LoggerFactory.getLogger(LiveCall.class);
  private static final long WARN_INTERVAL_MILLIS = 60_000;
  private static final int LONGEST_LOGGED_REASON = 60;

  private final CallTools tools;
  private final CallListener listener;
  private final CallWriter writer;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final AtomicLong droppedSinceWarning = new AtomicLong();
  private final AtomicLong nextWarningMillis = new AtomicLong();
  private final Consumer<LiveCall> opened;
  private final boolean resume;

  /// @param token the writer's name in the log
  /// @param opened told first that the call has its id
  LiveCall(
      CallStart start,
      String token,
      boolean resume,
      CallTools tools,
      Consumer<LiveCall> opened,
      CallListener listener) {
    this.resume = resume;
    this.opened = opened;
    this.tools = tools;
    this.listener = listener;
    writer = new CallWriter(start, token, tools, new Told());
    SignsOfLife.give(tools, writer);
  }

  void open() {
    writer.open();
  }

  /// Takes up the call another one here has left.
  void resume(HeldAudio held) {
    writer.resume(held);
  }

  /// Whether a start is this very call's, which its caller takes up with a new socket.
  boolean isTakenUpBy(CallStart again) {
    CallStart mine = writer.start();
    return again.source() == Source.PCM
        && again.call().equals(mine.call())
        && again.tenant().equals(mine.tenant())
        && again.format().equals(mine.format());
  }

  /// Takes in one frame of whole sample frames. The array is handed over.
  ///
  /// @param seq its number, where frames are numbered; else 0
  public void add(byte[] pcm, long seq) {
    long dropped = writer.add(pcm, seq);
    if (dropped > 0) {
      tools.metrics().dropped("bus_away", dropped);
      warnOfDropped(dropped);
    }
  }

  /// Completes when there is room for more audio, or no use for it. Whoever can make its peer wait
  /// reads on only then; for who cannot, the oldest audio that is not stored yet is dropped.
  public CompletionStage<Void> room() {
    return writer.room();
  }

  /// Ends the call behind all audio taken in so far.
  public void end(String reason) {
    writer.end(reason);
  }

  /// The caller's line is gone; unless the call is taken up again in time, it ends.
  public void awaitResumption() {
    tools.later(tools.settings().resumeWindow(), () -> end("socket_lost"));
  }

  /// Its socket waits no longer for the call to open. One that was taken up stays for the next
  /// socket; a new one has never been.
  public void abandon() {
    if (resume) {
      awaitResumption();
    } else {
      writer.abandon();
    }
  }

  /// Somebody else has the call: nothing more of it is written from here.
  void giveUp() {
    writer.abandon();
  }

  /// Leaves the call to one that takes it up here, and answers what was held of it.
  HeldAudio leave() {
    return writer.leave();
  }

  /// Completes when nothing is left to do for the call here.
  public CompletionStage<Void> over() {
    return over;
  }

  boolean isResumable() {
    return writer.start().source() == Source.PCM;
  }

  /// Whether it has nothing left to keep.
  boolean isSettled() {
    return writer.isFinished();
  }

  /// Keeps nothing any longer.
  void forget() {
    writer.forget();
  }

  /// How long so much of its audio lasts.
  public Duration durationOf(int bytes) {
    return Duration.ofNanos(bytes * 1_000_000_000L / writer.start().format().bytesPerSecond());
  }

  String tenant() {
    return writer.start().tenant();
  }

  long bufferedBytes() {
    return writer.bufferedBytes();
  }

  /// Under which the call was opened.
  public CallId id() {
    return writer.start().call();
  }

  /// Whoever waits for the call to be over may take everything down: the listener is told before.
  private void finished(String outcome, Runnable tell) {
    if (over.isDone()) {
      return;
    }
    tools.later(tools.settings().settleWithin(), writer::forget);
    tools.metrics().callOver(outcome);
    long millis = writer.start().format().toMillis(writer.receivedBytes());
    String reason = writer.endReason();
    logger.info(
        "call.over callId={} outcome={} reason=\"{}\" durationMs={}",
        id(),
        outcome,
        reason
            .substring(0, Math.min(reason.length(), LONGEST_LOGGED_REASON))
            .replaceAll("[\\p{Cntrl}\"]", "?"),
        millis);
    tell.run();
    over.complete(null);
  }

  private void warnOfDropped(long dropped) {
    long sum = droppedSinceWarning.addAndGet(dropped);
    long now = tools.clock().millis();
    long due = nextWarningMillis.get();
    if (now >= due && nextWarningMillis.compareAndSet(due, now + WARN_INTERVAL_MILLIS)) {
      droppedSinceWarning.addAndGet(-sum);
      logger.warn("call.audio.dropped callId={} bytes={} reason=bus_away", id(), sum);
    }
  }

  /// Passes the writer's news on, and keeps this call's own account of them.
  private final class Told implements CallListener {
    @Override
    public void opened(CallId id, long nextSeq, long storedSeq) {
      CallStart start = writer.start();
      if (resume && nextSeq > 1) {
        tools.metrics().callResumed();
        logger.info("call.resumed callId={} nextSeq={}", id, nextSeq);
      } else {
        tools.metrics().callOpened(start.source().wireName());
        logger.info(
            "call.opened callId={} source={} format={}",
            id,
            start.source().wireName(),
            start.format());
      }
      opened.accept(LiveCall.this);
      listener.opened(id, nextSeq, storedSeq);
    }

    @Override
    public void refused(Reason reason) {
      finished("refused", () -> listener.refused(reason));
    }

    @Override
    public void stored(long seq) {
      listener.stored(seq);
    }

    @Override
    public void ended() {
      finished("ended", listener::ended);
    }

    @Override
    public void superseded() {
      finished("superseded", listener::superseded);
    }

    @Override
    public void endedElsewhere() {
      finished("ended_elsewhere", listener::endedElsewhere);
    }
  }
}
