package io.verbatim.ingest.pcm;

import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.call.CallEntry;
import io.verbatim.ingest.call.CallEntry.Limit;
import io.verbatim.ingest.call.CallListener;
import io.verbatim.ingest.call.LiveCall;
import io.verbatim.ingest.pcm.PcmDecision.End;
import io.verbatim.ingest.pcm.PcmDecision.Frame;
import io.verbatim.ingest.pcm.PcmDecision.Open;
import io.verbatim.ingest.pcm.PcmDecision.Refuse;
import io.verbatim.ingest.pcm.PcmDecision.Tell;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.ingest.websocket.CloseCode;
import io.verbatim.ingest.websocket.Dialect;
import io.verbatim.ingest.websocket.DialectTools;
import io.verbatim.ingest.websocket.Socket;
import io.verbatim.ingest.websocket.SocketPace;
import io.verbatim.ingest.websocket.SocketWatch;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One socket that speaks the pcm dialect: carries out what its stream decides.
///
/// A lost line does not end the call: the caller may come back with another socket. A caller that
/// sends faster than the log takes is not read until there is room, and so waits.
public final class PcmConnection implements Dialect, CallListener {
  private final Socket socket;
  private final DialectTools tools;
  private final TokenHolder caller;
  private final int ackInterval;
  private final PcmStream stream = new PcmStream();
  private final SocketWatch watch;
  private final SocketPace pace;
  private final CompletableFuture<Void> opening = new CompletableFuture<>();
  private CompletableFuture<Void> inPace = CompletableFuture.completedFuture(null);
  private @Nullable LiveCall call;
  private boolean opened;
  private boolean stopping;
  private boolean closing;
  private long startedAt;
  private long resumeFrom;
  private long frames;
  private long acked;

  public PcmConnection(Socket socket, DialectTools tools, TokenHolder caller, int ackInterval) {
    this.socket = socket;
    this.tools = tools;
    this.caller = caller;
    this.ackInterval = ackInterval;
    watch = new SocketWatch(tools.times(), now());
    pace = new SocketPace(tools.pace(), now());
  }

  @Override
  public synchronized CompletionStage<Void> text(String text) {
    watch.frame(now());
    return closing ? READ_ON : paced(0, carryOut(stream.text(text)));
  }

  @Override
  public synchronized CompletionStage<Void> binary(byte[] bytes) {
    watch.media(now());
    LiveCall taking = call;
    long nanos = taking == null ? 0 : taking.durationOf(bytes.length).toNanos();
    return closing ? READ_ON : paced(nanos, carryOut(stream.binary(bytes)));
  }

  @Override
  public synchronized void tooLarge() {
    if (!closing) {
      refuse(
          CloseCode.TOO_BIG,
          new PcmProblem("message_too_large", "a message is larger than MAX_MESSAGE allows"));
    }
  }

  @Override
  public synchronized void ping() {
    watch.media(now());
  }

  @Override
  public synchronized void pong() {
    watch.frame(now());
  }

  @Override
  public synchronized void tick() {
    if (!pace.isAhead(now())) {
      inPace.complete(null);
    }
    if (closing) {
      return;
    }
    if (call != null && !opened && now() - startedAt >= tools.times().start().toNanos()) {
      refuse(
          CloseCode.TRY_AGAIN_LATER,
          new PcmProblem("log_unavailable", "the call could not be opened: start again later"));
      call.abandon();
      return;
    }
    switch (watch.tick(now())) {
      case NOTHING -> {}
      case PING -> socket.ping();
      case MEDIA_STALLED -> tools.metrics().mediaStalled(Source.PCM.wireName());
      case NO_START ->
          refuse(
              CloseCode.REFUSED,
              new PcmProblem(
                  "no_start", "no start came in time: send " + PcmProblem.START_EXAMPLE));
      case TOO_LONG -> {
        refuse(
            CloseCode.TRY_AGAIN_LATER,
            new PcmProblem("session_timeout", "SESSION_TIMEOUT is reached: the call has ended"));
        end("session_timeout");
      }
      case NO_PONG ->
          refuse(CloseCode.GOING_AWAY, new PcmProblem("no_pong", "no answer to a ping"));
      case NO_MEDIA -> {
        refuse(
            CloseCode.GOING_AWAY,
            new PcmProblem("media_timeout", "no frame came for too long: the call has ended"));
        end("media_timeout");
      }
    }
  }

  @Override
  public synchronized void closed(int code) {
    closing = true;
    inPace.complete(null);
    if (call != null && !stopping) {
      call.awaitResumption();
    }
  }

  /// Reads on when that is done, and when the caller is no longer ahead of what it may send.
  private CompletionStage<Void> paced(long audioNanos, CompletionStage<Void> readOn) {
    if (!pace.take(audioNanos, now()) || closing) {
      return readOn;
    }
    tools.metrics().heldBack(Source.PCM.wireName());
    watch.paused(true, now());
    inPace = new CompletableFuture<>();
    return readOn.thenCombine(inPace, (_, _) -> (Void) null).thenRun(this::readOn);
  }

  private CompletionStage<Void> carryOut(List<PcmDecision> decisions) {
    CompletionStage<Void> readOn = READ_ON;
    for (PcmDecision decision : decisions) {
      switch (decision) {
        case Open(Start start) -> readOn = open(start);
        case Frame(long seq, byte[] bytes) -> readOn = frame(seq, bytes);
        case End _ -> {
          watch.paused(true, now());
          end("stop");
        }
        case Tell(PcmProblem problem) -> socket.send(problem.toJson());
        case Refuse(CloseCode code, PcmProblem problem) -> refuse(code, problem);
      }
    }
    return readOn;
  }

  private CompletionStage<Void> open(Start start) {
    Optional<PcmProblem> mismatch = StartClaims.mismatch(caller, start);
    if (mismatch.isPresent()) {
      refuse(CloseCode.REFUSED, mismatch.get());
      return READ_ON;
    }
    startedAt = now();
    watch.paused(true, startedAt);
    resumeFrom = start.resumeFrom().orElse(1);
    boolean resume = start.resumeFrom().isPresent();
    return switch (tools.calls().open(callStart(start), resume, this)) {
      case CallEntry.In(LiveCall live) -> {
        call = live;
        yield opening;
      }
      case CallEntry.Full(Limit limit) -> {
        refuse(CloseCode.TRY_AGAIN_LATER, new PcmProblem(limit.code(), limit.sentence()));
        yield READ_ON;
      }
    };
  }

  private CallStart callStart(Start start) {
    return new CallStart(
        start.call(),
        start.tenant(),
        Source.PCM,
        start.format(),
        null,
        null,
        start.language().orElse(null),
        tools.clock().instant());
  }

  private CompletionStage<Void> frame(long seq, byte[] bytes) {
    LiveCall taking = call;
    if (taking == null) {
      return READ_ON;
    }
    frames = seq;
    taking.add(bytes, seq); // which may tell that the call is another's by now
    CompletionStage<Void> room = taking.room();
    if (room.toCompletableFuture().isDone()) {
      return READ_ON;
    }
    watch.paused(true, now());
    return room.thenRun(this::readOn);
  }

  private synchronized void readOn() {
    watch.paused(false, now());
  }

  private void end(String reason) {
    stopping = true;
    if (call != null) {
      call.end(reason);
    }
  }

  private void refuse(CloseCode code, PcmProblem problem) {
    closing = true;
    opening.complete(null);
    inPace.complete(null);
    socket.send(problem.toJson());
    socket.close(code, problem.code(), problem.message());
  }

  private long now() {
    return tools.nanos().getAsLong();
  }

  @Override
  public synchronized void opened(CallId id, long nextSeq, long storedSeq) {
    opened = true;
    frames = nextSeq - 1;
    acked = storedSeq;
    stream.opened(nextSeq);
    watch.paused(false, now());
    watch.started(now());
    if (nextSeq < resumeFrom) {
      tellOfLostFrames(nextSeq);
    }
    socket.send(PcmAnswers.started(id, nextSeq));
    opening.complete(null);
  }

  /// The log has fewer frames than the caller was told, and nobody here holds the others: it has
  /// lost its newest entries, and the call has been taken up elsewhere.
  private void tellOfLostFrames(long nextSeq) {
    tools.metrics().odd(Source.PCM.wireName(), "frames_lost", 1);
    socket.send(
        new PcmProblem(
                "frames_lost",
                "the log holds frames up to %d only, not up to %d: go on with frame %d"
                    .formatted(nextSeq - 1, resumeFrom - 1, nextSeq))
            .toJson());
  }

  @Override
  public synchronized void stored(long seq) {
    for (long due = acked - acked % ackInterval + ackInterval; due <= seq; due += ackInterval) {
      socket.send(PcmAnswers.ack(due));
      acked = due;
    }
  }

  @Override
  public synchronized void ended() {
    if (frames > acked) {
      socket.send(PcmAnswers.ack(frames));
      acked = frames;
    }
    if (closing) {
      return;
    }
    if (stopping) {
      closing = true;
      socket.send(PcmAnswers.stopped(frames));
      socket.close(CloseCode.NORMAL, "stopped", "");
    } else {
      refuse(
          CloseCode.SERVICE_RESTART,
          new PcmProblem("shutdown", "this instance stops and has ended the call"));
    }
  }

  @Override
  public synchronized void refused(Reason reason) {
    leave(CloseCode.REFUSED, StartClaims.refusal(reason));
  }

  @Override
  public synchronized void superseded() {
    leave(
        CloseCode.REFUSED,
        new PcmProblem("superseded", "a newer socket of the call has taken over"));
  }

  @Override
  public synchronized void endedElsewhere() {
    leave(CloseCode.INTERNAL_ERROR, new PcmProblem("ended", "the call has been ended"));
  }

  /// The call is no longer this socket's.
  private void leave(CloseCode code, PcmProblem problem) {
    call = null;
    if (!closing) {
      refuse(code, problem);
    }
  }
}
