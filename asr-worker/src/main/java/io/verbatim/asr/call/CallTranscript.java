package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.asr.transcript.TranscriptStep;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.UncoveredTail;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call's words on their way from the recogniser to the log: what the assembler makes of them
/// is written, and what the log knows better the assembler is told.
final class CallTranscript implements TranscriptWriter.Listener {
  private static final Logger log = LoggerFactory.getLogger(CallTranscript.class);
  private static final Duration EARLY_CHECK = Duration.ofMillis(250);

  /// What the call must know, on the loop.
  interface Listener {
    /// Something stands that did not before.
    void written();

    /// The log stands elsewhere than believed: the audio must be heard again from the assembler's
    /// lowest `covered`.
    void mustHearAgain();

    /// The transcript has its end.
    void ended();

    /// Nothing can be written any more.
    void refused(Refusal why);
  }

  private final Grant grant;
  private final CallTools tools;
  private final TranscriptAssembler assembler;
  private final TranscriptWriter writer;
  private final Listener listener;
  private boolean hearing = true;
  private boolean timing;

  CallTranscript(Grant grant, CallTools tools, TranscriptAssembler assembler, Listener listener) {
    this.grant = grant;
    this.tools = tools;
    this.assembler = assembler;
    this.listener = listener;
    this.writer =
        new TranscriptWriter(tools.bus().transcripts(), grant, tools.loop(), tools.metrics(), this);
  }

  void hear(Hypothesis hypothesis) {
    if (hearing) {
      carryOut(assembler.hear(hypothesis, tools.loop().millis()));
      passTimeWhileWaiting();
    }
  }

  /// The session has said all there is to say about what it was sent.
  void sessionFinished() {
    carryOut(assembler.sessionFinished(tools.loop().millis()));
  }

  /// Early finals wait for the one before them, but not for ever.
  private void passTimeWhileWaiting() {
    if (assembler.isWaiting() && !timing) {
      timing = true;
      tools
          .loop()
          .after(
              EARLY_CHECK,
              () -> {
                timing = false;
                if (hearing) {
                  carryOut(assembler.passTime(tools.loop().millis()));
                  passTimeWhileWaiting();
                }
              });
    }
  }

  private void carryOut(List<TranscriptStep> steps) {
    for (TranscriptStep step : steps) {
      switch (step) {
        case TranscriptStep.Interim(var speech) -> writer.show(speech);
        case TranscriptStep.Final(var coverage, var speech) ->
            writer.write(new TranscriptWrite.Final(coverage, speech));
        case TranscriptStep.Silence(var coverage) ->
            writer.write(new TranscriptWrite.Silence(coverage));
        case TranscriptStep.Noticed(var oddity) ->
            tools.metrics().oddity(oddity.name().toLowerCase(Locale.ROOT));
      }
    }
  }

  /// Nobody will hear the audio from the lowest `covered` up to here: words shown of it stay, as
  /// unconfirmed ones.
  void gap(long to, String reason) {
    carryOut(assembler.giveUpBelow(to, tools.loop().millis()));
    long from = assembler.lowestCovered();
    if (from < to) {
      assembler.skipTo(to);
      writer.write(new TranscriptWrite.Gap(from, to, reason));
    }
  }

  /// All was heard that could be.
  void end(AudioSlice.End end) {
    write(end, UncoveredTail.unheard(GapReason.LOG_LOST));
  }

  /// The rest could not be heard: what was said of it last stands for it, unconfirmed.
  void endUnheard(AudioSlice.End end) {
    write(
        end,
        new UncoveredTail(
            assembler.unfinished(tools.loop().millis()),
            assembler.heardTo(),
            GapReason.RECOGNIZER_UNAVAILABLE));
  }

  private void write(AudioSlice.End end, UncoveredTail rest) {
    writer.write(
        new TranscriptWrite.End(assembler.coveredPerChannel(), end.position(), end.reason(), rest));
  }

  /// Audio has left for a recogniser.
  void sent(long bytes) {
    writer.sent(bytes);
  }

  void tell(RecognizerStatus status) {
    writer.tell(status);
  }

  boolean isIdle() {
    return writer.isIdle();
  }

  /// What is said from now on is not written; what was said before still is.
  void stopHearing() {
    hearing = false;
  }

  /// Writes nothing more.
  void close() {
    hearing = false;
    writer.close();
  }

  @Override
  public void written() {
    listener.written();
  }

  @Override
  public void moved(int channel, long covered) {
    log.warn("transcript.moved callId={} channel={} covered={}", grant.call(), channel, covered);
    for (int one = 0; one < grant.covered().size(); one++) {
      if (channel == TranscriptWriter.EVERY_CHANNEL || channel == one) {
        assembler.resetTo(one, covered);
      }
    }
    listener.mustHearAgain();
  }

  @Override
  public void overflowed() {
    log.warn("transcript.behind callId={} waiting={}", grant.call(), TranscriptWriter.MOST_WAITING);
    for (int channel = 0; channel < grant.covered().size(); channel++) {
      assembler.resetTo(channel, writer.confirmed(channel));
    }
    listener.mustHearAgain();
  }

  @Override
  public void ended() {
    listener.ended();
  }

  @Override
  public void refused(Refusal why) {
    listener.refused(why);
  }
}
