package io.verbatim.ingest.pcm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.verbatim.ingest.auth.Caller.TokenHolder;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.ingest.connection.Problem;
import io.verbatim.ingest.pcm.PcmDecision.End;
import io.verbatim.ingest.pcm.PcmDecision.Frame;
import io.verbatim.ingest.pcm.PcmDecision.Open;
import io.verbatim.ingest.pcm.PcmDecision.Refuse;
import io.verbatim.ingest.pcm.PcmDecision.Report;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.ingest.pcm.PcmMessage.Transcripts;
import io.verbatim.ingest.transcript.CallerTranscript;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.CallStart.Source;
import io.verbatim.pubsub.message.Opening.Reason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The pcm dialect on one connection: executes the decisions of its stream and acknowledges stored
/// frames. Confined to the event loop.
public final class PcmDialect implements Dialect {
  private static final String FRAMES_LOST = "frames_lost";

  private final CallConnection connection;
  private final TokenHolder caller;
  private final int ackInterval;
  private final Optional<String> language;
  private final PcmStream stream = new PcmStream();
  private boolean opening;
  private long startedAt;
  private long resumeFrom;
  private long frames;
  private long acked;
  private Optional<Transcripts> transcripts = Optional.empty();
  private @Nullable CallerTranscript transcript;

  /// @param language the language to use if `start` has none
  public PcmDialect(
      CallConnection connection, TokenHolder caller, int ackInterval, Optional<String> language) {
    this.connection = connection;
    this.caller = caller;
    this.ackInterval = ackInterval;
    this.language = language.filter(PcmDecoder::isLanguage);
  }

  /// The violations that this dialect counts.
  public static List<String> violations() {
    return List.of(FRAMES_LOST);
  }

  @Override
  public Source source() {
    return Source.PCM;
  }

  @Override
  public void text(byte[] text, int length, long now) {
    execute(stream.text(new String(text, 0, length, UTF_8)), now);
  }

  @Override
  public void binary(ByteBuf content, long now) {
    execute(stream.binary(ByteBufUtil.getBytes(content)), now);
  }

  private void execute(List<PcmDecision> decisions, long now) {
    for (PcmDecision decision : decisions) {
      switch (decision) {
        case Open(Start start) -> open(start, now);
        case Frame(long seq, byte[] bytes) -> {
          frames = seq;
          connection.audio(bytes, seq, now);
        }
        case End _ -> connection.end("stop");
        case Report(Problem problem) -> report(problem);
        case Refuse(CloseCode code, Problem problem) -> connection.fail(code, problem);
      }
    }
  }

  private void open(Start start, long now) {
    Optional<Problem> mismatch = StartClaims.mismatch(caller, start);
    if (mismatch.isPresent()) {
      connection.fail(CloseCode.REFUSED, mismatch.get());
      return;
    }
    opening = true;
    startedAt = now;
    resumeFrom = start.resumeFrom().orElse(1);
    transcripts = start.transcripts();
    connection.open(callStart(start), start.resumeFrom().isPresent());
  }

  private CallStart callStart(Start start) {
    return new CallStart(
        start.call(),
        start.tenant(),
        Source.PCM,
        start.format(),
        null,
        null,
        start.language().or(() -> language).orElse(null),
        connection.context().clock().instant());
  }

  @Override
  public void tick(long now) {
    if (connection.closeIfRevoked(caller.keyId())) {
      return;
    }
    if (opening && now - startedAt >= connection.context().timeouts().start().toNanos()) {
      connection.fail(
          CloseCode.TRY_AGAIN_LATER,
          "log_unavailable",
          "The call could not be opened within START_TIMEOUT. Start it again later.");
      connection.abandon();
    }
    if (transcript != null) {
      transcript.tick(now);
    }
  }

  @Override
  public void report(Problem problem) {
    connection.send(PcmAnswers.error(problem));
  }

  @Override
  public void opened(CallId id, long nextSeq, long storedSeq) {
    opening = false;
    frames = nextSeq - 1;
    acked = storedSeq;
    stream.opened(nextSeq);
    if (nextSeq < resumeFrom) {
      reportLostFrames(nextSeq);
    }
    connection.send(PcmAnswers.started(id, nextSeq));
    if (transcripts.isPresent()) {
      transcript =
          new CallerTranscript(connection, id, PcmAnswers::transcript, this::stopped, this::report);
      transcript.open(transcripts.get().from());
    }
  }

  /// Reports that the log has fewer frames than were acknowledged: it lost its newest entries, and
  /// this instance does not have them, because the call was resumed from another one.
  private void reportLostFrames(long nextSeq) {
    connection.context().metrics().violation(Source.PCM.wireName(), FRAMES_LOST, 1);
    report(
        new Problem(
            FRAMES_LOST,
            "The log has lost frames: it holds frames up to %d only, not up to %d. Continue with frame %d."
                .formatted(nextSeq - 1, resumeFrom - 1, nextSeq)));
  }

  @Override
  public void stored(long seq) {
    for (long due = acked - acked % ackInterval + ackInterval; due <= seq; due += ackInterval) {
      connection.send(PcmAnswers.ack(due));
      acked = due;
    }
  }

  @Override
  public void ended(boolean requested) {
    if (frames > acked) {
      connection.send(PcmAnswers.ack(frames));
      acked = frames;
    }
    if (!requested || connection.isClosing()) {
      return;
    }
    if (transcript == null) {
      stopped();
    } else {
      transcript.audioEnded();
    }
  }

  private void stopped() {
    connection.send(PcmAnswers.stopped(frames));
    connection.close(CloseCode.NORMAL, "stopped", "");
  }

  @Override
  public boolean isFinishing() {
    return transcript != null && transcript.isFinishing();
  }

  @Override
  public void closed() {
    if (transcript != null) {
      transcript.close();
    }
  }

  @Override
  public Problem refusal(Reason reason) {
    return StartClaims.refusal(reason);
  }
}
