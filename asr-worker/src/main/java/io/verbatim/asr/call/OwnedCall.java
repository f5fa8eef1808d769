package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.asr.transcript.TranscriptStep;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call this worker owns: its audio goes to the recogniser as it comes, its words to the
/// transcript as they come, and neither waits for the other.
///
/// The one invariant: whatever happens, audio is read again from the first position no final
/// covers. A session hears one stretch without a hole; it is finished before a hole and at the end,
/// and only then is the hole said to be a gap, or the call to have ended. Lives on the call loop.
final class OwnedCall implements RecognizerLine.Listener, TranscriptWriter.Listener {
  private static final Logger log = LoggerFactory.getLogger(OwnedCall.class);

  private static final int SESSIONS_AT_THE_END = 3;
  private static final Duration EARLY_CHECK = Duration.ofMillis(250);

  /// Told when the call is no longer worked on here, by its own doing.
  interface Keeper {
    /// It has ended or was refused.
    ///
    /// @param finished whether the call is done for everyone, so that its lease is released
    void over(OwnedCall call, boolean finished);
  }

  private enum Phase {
    WORKING,
    /// Its last write is under way.
    ENDING,
    /// It is about to be handed over: it reads, sends and hears nothing more.
    PAUSED,
    OVER
  }

  private final Grant grant;
  private final CallTools tools;
  private final Keeper keeper;
  private final AudioFormat format;
  private final CallLanguage language;
  private final TranscriptAssembler assembler;
  private final AudioFeed feed;
  private final RecognizerLine line;
  private final SessionAudio audio;
  private final TranscriptWriter writer;
  private final CallStatus status;
  private Phase phase = Phase.WORKING;
  private boolean unheard;
  private boolean endNoted;
  private boolean earlyTimer;
  private int failuresAtTheEnd;
  private long feedStart;
  private @Nullable CompletableFuture<Void> idle;

  OwnedCall(Grant grant, CallTools tools, Keeper keeper) {
    this.grant = grant;
    this.tools = tools;
    this.keeper = keeper;
    CallSettings settings = tools.settings();
    CallSettings.Timing timing = settings.timing();
    format = grant.start().format();
    language = CallLanguage.of(grant.start().language(), settings.languages(), settings.language());
    assembler =
        new TranscriptAssembler(
            format, grant.covered(), grant.segments(), tools.recognizer().name());
    feed = new AudioFeed(tools.bus().audio(), call(), tools.loop(), this::advance);
    writer =
        new TranscriptWriter(tools.bus().transcripts(), grant, tools.loop(), tools.metrics(), this);
    line =
        new RecognizerLine(
            tools.loop(),
            tools.recognizer(),
            tools.gate(),
            tools.metrics(),
            new Backoff(timing.reconnectMin(), timing.reconnectMax(), tools.random()),
            timing,
            this);
    audio = new SessionAudio(format, feed, line, assembler, tools, this::advance);
    status = new CallStatus(call(), tools.recognizer().name(), language.note(), tools.loop());
  }

  CallId call() {
    return grant.call();
  }

  /// Starts work where the last final left it.
  void begin() {
    if (!language.note().isEmpty()) {
      writer.tell(status.opening());
    }
    readAgain();
    advance();
  }

  /// Stops reading, sending and hearing; completes when what stands has been written.
  CompletionStage<Void> pause() {
    CompletableFuture<Void> whenIdle = new CompletableFuture<>();
    if (phase == Phase.WORKING) {
      phase = Phase.PAUSED;
      feed.close();
    }
    idle = whenIdle;
    if (phase == Phase.OVER || writer.isIdle()) {
      whenIdle.complete(null);
    }
    return whenIdle;
  }

  /// The call is not this worker's any more, or never mind: no word is written, no socket kept.
  void forget() {
    phase = Phase.OVER;
    feed.close();
    writer.close();
    line.drop();
    if (idle != null) {
      idle.complete(null);
    }
  }

  /// Does what can be done now; called whenever something has changed.
  private void advance() {
    if (phase != Phase.WORKING) {
      return;
    }
    noteEnd();
    feed.pull();
    if (line.isOpen()) {
      speak();
    } else if (line.isDown()) {
      decide();
    } else if (feed.isFull() && !line.isFinishing()) {
      // Nobody takes the audio: it stays in the log, and only the call's end is looked for.
      feed.scan();
      feed.pull();
    }
  }

  private void decide() {
    OptionalLong hole = feed.holeEnd();
    if (unheard) {
      feed.scan();
      feed.pull();
      if (feed.isAtEnd()) {
        conclude();
      }
    } else if (hole.isPresent()) {
      skipHole(hole.getAsLong());
    } else if (feed.hasAudio()) {
      tools.gate().denied().ifPresent(reason -> writer.tell(status.refused()));
      line.open(new SessionRequest(format, language.code()));
    } else if (feed.isAtEnd()) {
      conclude();
    }
  }

  private void speak() {
    if (line.isWriting()) {
      return;
    }
    OptionalLong hole = feed.holeEnd();
    if (hole.isPresent() || feed.isAtEnd()) {
      if (audio.hasBegun()) {
        line.finish();
      } else if (hole.isPresent()) {
        skipHole(hole.getAsLong());
      } else {
        line.drop();
        decide();
      }
    } else if (feed.hasAudio()) {
      audio.send();
    }
  }

  private void skipHole(long to) {
    String reason = feed.position() == feedStart ? GapReason.RETENTION : GapReason.LOG_LOST;
    writer.write(new TranscriptWrite.Gap(assembler.lowestCovered(), to, reason));
    assembler.skipTo(to);
    feed.skipTo(to);
    advance();
  }

  private void readAgain() {
    audio.sessionOver();
    feedStart = assembler.lowestCovered();
    assembler.sessionBegins(feedStart);
    feed.startAt(feedStart);
  }

  // What the recogniser tells.

  @Override
  public void opened(String requestId) {
    log.info(
        "recognizer.opened callId={} requestId={} language={} position={} startMs={}",
        call(),
        requestId,
        language.code(),
        assembler.lowestCovered(),
        format.toMillis(assembler.lowestCovered()));
    writer.tell(status.connected());
    audio.sessionOpened();
    if (feed.isScanning()) {
      readAgain();
    }
    advance();
  }

  @Override
  public void heard(Hypothesis hypothesis) {
    if (phase == Phase.WORKING) {
      carryOut(assembler.hear(hypothesis, tools.loop().millis()));
      passTimeWhileWaiting();
    }
  }

  /// Early finals wait for the one before them, but not for ever.
  private void passTimeWhileWaiting() {
    if (assembler.isWaiting() && !earlyTimer) {
      earlyTimer = true;
      tools
          .loop()
          .after(
              EARLY_CHECK,
              () -> {
                earlyTimer = false;
                if (phase == Phase.WORKING) {
                  carryOut(assembler.passTime(tools.loop().millis()));
                  passTimeWhileWaiting();
                }
              });
    }
  }

  @Override
  public void signalled(RecognizerEvent.Signal signal) {
    status.note(signal);
  }

  @Override
  public void writable() {
    audio.left();
    advance();
  }

  @Override
  public void closed(CloseCause cause) {
    if (phase != Phase.WORKING) {
      return;
    }
    if (cause instanceof CloseCause.Finished) {
      audio.sessionOver();
      carryOut(assembler.sessionFinished(tools.loop().millis()));
    } else {
      writer.tell(status.failed(cause));
      readAgain();
      unheard |= cause instanceof CloseCause.Unsuitable;
      if (cause instanceof CloseCause.Lost && endNoted) {
        failuresAtTheEnd++;
        unheard |= failuresAtTheEnd >= SESSIONS_AT_THE_END;
      }
    }
    advance();
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

  // The end.

  private void noteEnd() {
    if (!endNoted && feed.end().isPresent()) {
      endNoted = true;
      tools.loop().after(tools.settings().timing().endPatience(), this::endIsOverdue);
    }
  }

  /// An ended call does not wait for a session for ever.
  private void endIsOverdue() {
    if (phase == Phase.WORKING) {
      if (line.isOpen() || line.isFinishing()) {
        tools.loop().after(tools.settings().timing().endPatience(), this::endIsOverdue);
      } else {
        unheard = true;
        line.drop();
        readAgain();
        advance();
      }
    }
  }

  private void conclude() {
    AudioSlice.End end = feed.end().orElseThrow();
    phase = Phase.ENDING;
    feed.close();
    writer.write(
        unheard
            ? new TranscriptWrite.End(
                end.position(),
                end.reason(),
                assembler.unfinished(tools.loop().millis()),
                GapReason.RECOGNIZER_UNAVAILABLE)
            : new TranscriptWrite.End(end.position(), end.reason(), List.of(), GapReason.LOG_LOST));
  }

  // What the log tells.

  @Override
  public void written() {
    if (idle != null && writer.isIdle()) {
      idle.complete(null);
    }
  }

  @Override
  public void moved(int channel, long covered) {
    log.warn(
        "transcript.moved callId={} channel={} believed={} covered={}",
        call(),
        channel,
        channel == TranscriptWriter.EVERY_CHANNEL
            ? assembler.lowestCovered()
            : assembler.covered(channel),
        covered);
    for (int one = 0; one < format.channels(); one++) {
      if (channel == TranscriptWriter.EVERY_CHANNEL || channel == one) {
        assembler.resetTo(one, covered);
      }
    }
    beginAgain();
  }

  @Override
  public void overflowed() {
    log.warn("transcript.behind callId={} waiting={}", call(), TranscriptWriter.MOST_WAITING);
    for (int channel = 0; channel < format.channels(); channel++) {
      assembler.resetTo(channel, writer.confirmed(channel));
    }
    beginAgain();
  }

  private void beginAgain() {
    if (phase == Phase.WORKING || phase == Phase.ENDING) {
      phase = Phase.WORKING;
      line.drop();
      readAgain();
      tools.loop().execute(this::advance);
    }
  }

  @Override
  public void ended() {
    log.info("call.ended callId={}", call());
    forget();
    keeper.over(this, true);
  }

  @Override
  public void refused(String why) {
    log.warn("call.refused callId={} why={}", call(), why);
    forget();
    keeper.over(this, !why.equals("fenced"));
  }
}
