package io.verbatim.asr.transcript;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.UncoveredTail;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call's transcript at its owner: recogniser results go through the assembler to the writer,
/// and corrections from the log go back to the assembler. Confined to the event loop.
public final class CallTranscript implements TranscriptWriter.Listener {
  private static final Logger logger = LoggerFactory.getLogger(CallTranscript.class);
  private static final Duration TICK = Duration.ofMillis(250);

  /// Receives the events of the transcript. Never called from within one of its methods.
  public interface Listener {
    /// A write succeeded.
    void written();

    /// The log's `covered` differs from the owner's: the audio must be sent again from
    /// [#lowestCovered].
    void mustReplay();

    /// The session's results are incomplete: it must be dropped, and the audio sent again from
    /// [#lowestCovered].
    void sessionFailed(CloseCause.Lost cause);

    /// The transcript has ended.
    void ended();

    /// The log refuses further writes of this owner.
    ///
    /// @param result fenced, gone or ended
    void refused(WriteResult<Long> result);
  }

  private final Grant grant;
  private final EventLoop loop;
  private final InstantSource clock;
  private final TranscriptAssembler assembler;
  private final TranscriptWriter writer;
  private final Listener listener;
  private boolean accepting = true;
  private boolean ticking;

  /// @param recognizer its name in the transcript
  public CallTranscript(
      Grant grant,
      String recognizer,
      TranscriptLog log,
      EventLoop loop,
      InstantSource clock,
      AsrMetrics metrics,
      Listener listener) {
    this.grant = grant;
    this.loop = loop;
    this.clock = clock;
    this.listener = listener;
    this.assembler =
        new TranscriptAssembler(
            grant.start().format(),
            grant.covered(),
            grant.interims(),
            recognizer,
            metrics::violation);
    this.writer = new TranscriptWriter(log, grant, loop, metrics, this);
  }

  /// A new session is sent the call's audio from this position on.
  public void sessionStarted(long position) {
    assembler.sessionStarted(position);
  }

  /// The session was sent audio up to this position.
  ///
  /// @param arrivedMillis when its last byte arrived at ingest
  public void sent(long end, int bytes, long arrivedMillis) {
    assembler.sent(end, arrivedMillis, clock.millis());
    writer.sent(bytes);
  }

  public void onHypothesis(Hypothesis hypothesis) {
    if (accepting) {
      write(assembler.onHypothesis(hypothesis, clock.millis(), System.nanoTime()));
      tickWhileHolding();
    }
  }

  /// The recogniser sent a message without words, or one that could not be read.
  public void onSignal(RecognizerEvent.Signal signal) {
    if (signal.isUnreadable()) {
      assembler.messageUnreadable();
    }
  }

  /// Checks periodically whether a final is still missing while later finals are held.
  private void tickWhileHolding() {
    if (assembler.missing().areAwaited() && !ticking) {
      ticking = true;
      loop.after(TICK, this::tick);
    }
  }

  private void tick() {
    ticking = false;
    if (!accepting) {
      return;
    }
    switch (assembler.missing().find(System.nanoTime())) {
      case MissingFinal.None _ -> {}
      case MissingFinal.Lost(long position) -> listener.sessionFailed(finalMissing(position));
      case MissingFinal.Abandoned(long to) -> abandon(to);
    }
    tickWhileHolding();
  }

  /// Several sessions in a row have lost the final of this audio.
  private void abandon(long to) {
    gap(to, GapReason.RECOGNIZER_UNAVAILABLE);
    write(assembler.commitReady(clock.millis()));
  }

  /// All results of the session have arrived. Returns the given cause if they are complete, else
  /// why the session counts as lost.
  public CloseCause sessionFinished(CloseCause.Finished finished) {
    MissingFinal missing = assembler.missing().findAtEnd();
    while (missing instanceof MissingFinal.Abandoned(long to)) {
      abandon(to);
      missing = assembler.missing().findAtEnd();
    }
    if (missing instanceof MissingFinal.Lost(long position)) {
      return finalMissing(position);
    }
    if (!assembler.reachesEnd(finished.audioSeconds())) {
      return new CloseCause.Lost(
          CloseCause.Lost.Reason.CUT_SHORT,
          1006,
          "no results up to the end, processed "
              + Math.round(finished.audioSeconds() * 1000)
              + " ms");
    }
    if (assembler.missing().findLast() instanceof MissingFinal.Lost(long position)) {
      return finalMissing(position);
    }
    write(assembler.sessionFinished(clock.millis()));
    return finished;
  }

  private CloseCause.Lost finalMissing(long position) {
    return new CloseCause.Lost(
        CloseCause.Lost.Reason.FINAL_MISSING,
        1006,
        "no final at " + grant.start().format().toMillis(position) + " ms of the call");
  }

  /// The audio from the lowest `covered` up to here will not be transcribed: commits its interims
  /// as unconfirmed words and reports the rest as a gap.
  public void gap(long to, String reason) {
    write(assembler.commitUnconfirmedBelow(to, reason, clock.millis()));
    long from = assembler.lowestCovered();
    if (from < to) {
      assembler.skipTo(to);
      writer.write(new TranscriptWrite.Gap(from, to, reason));
    }
  }

  /// The call has ended and its audio was processed.
  public void end(AudioSlice.End end) {
    end(end, UncoveredTail.gap(GapReason.LOG_LOST));
  }

  /// The call has ended and the rest of its audio cannot be processed: the last interims become
  /// unconfirmed words.
  public void endUnprocessed(AudioSlice.End end) {
    write(assembler.gapBeforeWords(end.position(), GapReason.RECOGNIZER_UNAVAILABLE));
    end(
        end,
        new UncoveredTail(
            assembler.uncommitted(clock.millis()),
            assembler.recognizedTo(),
            GapReason.RECOGNIZER_UNAVAILABLE));
  }

  private void end(AudioSlice.End end, UncoveredTail tail) {
    writer.write(
        new TranscriptWrite.End(assembler.coveredPerChannel(), end.position(), end.reason(), tail));
  }

  public void setStatus(RecognizerStatus status) {
    writer.write(new TranscriptWrite.Status(status));
  }

  private void write(List<TranscriptWrite> writes) {
    writes.forEach(writer::write);
  }

  /// The position below which the channel needs no audio.
  public long covered(int channel) {
    return assembler.covered(channel);
  }

  /// The position below which no channel needs audio.
  public long lowestCovered() {
    return assembler.lowestCovered();
  }

  public boolean isIdle() {
    return writer.isIdle();
  }

  /// Drops results from now on; queued writes are still made.
  public void stopAccepting() {
    accepting = false;
  }

  /// Stops all writes.
  public void close() {
    accepting = false;
    writer.close();
  }

  @Override
  public void written() {
    listener.written();
  }

  @Override
  public void moved(int channel, long covered) {
    logger.warn("transcript.moved callId={} channel={} covered={}", grant.call(), channel, covered);
    for (int i = 0; i < grant.covered().size(); i++) {
      if (channel == TranscriptWriter.EVERY_CHANNEL || channel == i) {
        assembler.resetTo(i, covered);
      }
    }
    listener.mustReplay();
  }

  @Override
  public void overflowed() {
    logger.warn(
        "transcript.overflowed callId={} limit={}", grant.call(), TranscriptWriter.MAX_WAITING);
    for (int channel = 0; channel < grant.covered().size(); channel++) {
      assembler.resetTo(channel, writer.confirmed(channel));
    }
    listener.mustReplay();
  }

  @Override
  public void ended() {
    listener.ended();
  }

  @Override
  public void refused(WriteResult<Long> result) {
    listener.refused(result);
  }
}
