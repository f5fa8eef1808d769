package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.transcript.TranscriptAssembler;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Grant;
import java.util.Locale;
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
final class OwnedCall implements RecognizerLine.Listener, CallTranscript.Listener {
  private static final Logger log = LoggerFactory.getLogger(OwnedCall.class);

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

  private final CallId call;
  private final CallTools tools;
  private final Keeper keeper;
  private final AudioFormat format;
  private final CallLanguage language;
  private final TranscriptAssembler assembler;
  private final CallTranscript transcript;
  private final AudioFeed feed;
  private final RecognizerLine line;
  private final CallAudio audio;
  private final CallStatus status;
  private final EndWatch endWatch;
  private final AbandonWatch abandonWatch;
  private Phase phase = Phase.WORKING;
  private @Nullable CompletableFuture<Void> idle;

  OwnedCall(Grant grant, CallTools tools, Keeper keeper) {
    this.call = grant.call();
    this.tools = tools;
    this.keeper = keeper;
    CallSettings settings = tools.settings();
    CallSettings.Timing timing = settings.timing();
    String recognizer = tools.recognizer().name();
    format = grant.start().format();
    language = CallLanguage.of(grant.start().language(), settings.languages(), settings.language());
    assembler = new TranscriptAssembler(format, grant.covered(), grant.interims(), recognizer);
    transcript = new CallTranscript(grant, tools, assembler, this);
    feed = new AudioFeed(tools.bus().audio(), call, tools.loop(), this::advance);
    line = new RecognizerLine(tools, this);
    audio = new CallAudio(format, feed, line, assembler, transcript, tools, this::advance);
    status = new CallStatus(call, recognizer, language.note(), tools.loop());
    endWatch = new EndWatch(tools.loop(), timing.endPatience(), this::endIsOverdue);
    abandonWatch = new AbandonWatch(grant, tools);
  }

  CallId call() {
    return call;
  }

  /// Starts work where the last final left it.
  void begin() {
    if (!language.note().isEmpty()) {
      transcript.tell(status.opening());
    }
    abandonWatch.open();
    audio.readAgain(GapReason.RETENTION);
    advance();
  }

  /// Stops reading, sending and hearing; completes when what stands has been written.
  CompletionStage<Void> pause() {
    CompletableFuture<Void> whenIdle = new CompletableFuture<>();
    abandonWatch.close();
    if (phase == Phase.WORKING) {
      phase = Phase.PAUSED;
      feed.close();
      transcript.stopHearing();
    }
    idle = whenIdle;
    written();
    return whenIdle;
  }

  /// The call is not this worker's any more, or never mind: no word is written, no socket kept.
  void forget() {
    phase = Phase.OVER;
    abandonWatch.close();
    feed.close();
    transcript.close();
    line.drop();
    written();
  }

  /// Does what can be done now; called whenever something has changed.
  private void advance() {
    if (phase != Phase.WORKING) {
      return;
    }
    if (feed.end().isPresent()) {
      endWatch.endIsKnown();
    }
    feed.pull();
    if (line.isOpen()) {
      speak();
    } else if (line.isDown()) {
      decide();
    } else if (audio.isAtHole() && !line.isFinishing()) {
      audio.skipHole();
    } else if (feed.isFull() && !line.isFinishing()) {
      audio.scan();
    }
  }

  private void decide() {
    if (audio.isAtHole()) {
      audio.skipHole();
    } else if (feed.hasAudio() && !endWatch.isGivenUp()) {
      tools.gate().denied().ifPresent(reason -> transcript.tell(status.refused()));
      line.open(new SessionRequest(format, language.code()));
    } else {
      if (feed.hasAudio()) {
        audio.scan();
      }
      if (feed.isAtEnd()) {
        conclude();
      }
    }
  }

  private void speak() {
    if (line.isWriting()) {
      return;
    }
    if (audio.hasBegun() && (audio.isAtHole() || feed.isAtEnd())) {
      line.finish();
    } else if (audio.isAtHole()) {
      audio.skipHole();
    } else if (feed.isAtEnd()) {
      line.drop();
      decide();
    } else if (feed.hasAudio()) {
      audio.send();
    }
  }

  // What the recogniser tells.

  @Override
  public void opened(String requestId) {
    log.info(
        "recognizer.opened callId={} requestId={} language={} position={} startMs={}",
        call,
        requestId,
        language.code(),
        assembler.lowestCovered(),
        format.toMillis(assembler.lowestCovered()));
    endWatch.opened();
    transcript.tell(status.connected());
    audio.sessionOpened();
    if (feed.isScanning()) {
      audio.readAgain(GapReason.RETENTION);
    }
    advance();
  }

  @Override
  public void heard(Hypothesis hypothesis) {
    transcript.hear(hypothesis);
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
      transcript.sessionFinished();
    } else {
      transcript.tell(status.failed(cause));
      endWatch.failed(cause);
      audio.readAgain(GapReason.RETENTION);
    }
    advance();
  }

  // The end.

  /// An ended call does not wait for a session for ever.
  private void endIsOverdue() {
    if (phase != Phase.WORKING) {
      return;
    }
    if (line.isOpen() || line.isFinishing()) {
      endWatch.waitOn();
    } else {
      endWatch.giveUp();
      line.drop();
      audio.readAgain(GapReason.RETENTION);
      advance();
    }
  }

  private void conclude() {
    AudioSlice.End end = feed.end().orElseThrow();
    phase = Phase.ENDING;
    feed.close();
    if (endWatch.isGivenUp()) {
      transcript.endUnheard(end);
    } else {
      transcript.end(end);
    }
  }

  // What the log tells.

  @Override
  public void written() {
    if (idle != null && (phase == Phase.OVER || transcript.isIdle())) {
      idle.complete(null);
    }
  }

  @Override
  public void mustHearAgain() {
    if (phase == Phase.WORKING || phase == Phase.ENDING) {
      phase = Phase.WORKING;
      line.drop();
      audio.readAgain(GapReason.LOG_LOST);
      tools.loop().execute(this::advance);
    }
    written();
  }

  @Override
  public void ended() {
    log.info("call.ended callId={}", call);
    forget();
    keeper.over(this, true);
  }

  @Override
  public void refused(Refusal why) {
    log.warn("call.refused callId={} why={}", call, why.name().toLowerCase(Locale.ROOT));
    forget();
    keeper.over(this, why != Refusal.FENCED);
  }
}
