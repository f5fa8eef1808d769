package io.verbatim.asr.call;

import io.verbatim.asr.feed.AudioFeed;
import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.Hypothesis;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.asr.recognizer.SessionRequest;
import io.verbatim.asr.session.RecognizerConnection;
import io.verbatim.asr.transcript.CallTranscript;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.GapReason;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriteResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call this worker owns: sends its audio to the recogniser and writes the results to the
/// transcript; neither direction waits for the other. Confined to the event loop.
///
/// The invariant: after any failure, audio is read again from the first position that no final
/// covers. A session is sent one contiguous stretch; it is finished before a gap and at the end.
/// Only then is the gap reported, or the call ended.
public final class OwnedCall implements RecognizerConnection.Listener, CallTranscript.Listener {
  private static final Logger logger = LoggerFactory.getLogger(OwnedCall.class);

  /// Called when the call closes by itself, not by [#abort].
  public interface Listener {
    /// The call has ended, or its writes are refused.
    ///
    /// @param finished whether the call is finished for every worker, so that its lease is released
    void closed(OwnedCall call, boolean finished);
  }

  private final Grant grant;
  private final CallId call;
  private final CallContext context;
  private final Listener listener;
  private final AudioFormat format;
  private final CallLanguage language;
  private final CallTranscript transcript;
  private final AudioFeed feed;
  private final RecognizerConnection connection;
  private final AudioSender sender;
  private final CallStatus status;
  private final EndTimeout endTimeout;
  private final WriterLivenessCheck writerLiveness;
  private final StepLoop steps = new StepLoop(this::step);
  private CallPhase phase = CallPhase.WORKING;
  private @Nullable CompletableFuture<Void> idle;

  public OwnedCall(Grant grant, CallContext context, Listener listener) {
    this.grant = grant;
    this.call = grant.call();
    this.context = context;
    this.listener = listener;
    CallSettings settings = context.settings();
    String recognizer = context.sessions().recognizer().name();
    format = grant.start().format();
    language = CallLanguage.of(grant.start().language(), settings.languages(), settings.language());
    transcript =
        new CallTranscript(
            grant,
            recognizer,
            context.bus().transcripts(),
            context.loop(),
            context.clock(),
            context.metrics(),
            this);
    feed = new AudioFeed(context.bus().audio(), call, context.loop(), this::advance);
    connection = new RecognizerConnection(context.sessions(), this);
    sender =
        new AudioSender(
            context, format, feed, connection, transcript, grant.epoch() > 1, this::advance);
    status = new CallStatus(call, recognizer, language.note());
    endTimeout = new EndTimeout(context.loop(), settings.timing().endTimeout(), this::endTimedOut);
    writerLiveness = new WriterLivenessCheck(grant, context);
  }

  public CallId call() {
    return call;
  }

  /// The grant by which this worker owns the call.
  public Grant grant() {
    return grant;
  }

  /// Starts where the last final ends.
  public void start() {
    if (!language.note().isEmpty()) {
      transcript.setStatus(status.opening());
    }
    writerLiveness.open();
    sender.replay(GapReason.RETENTION);
    advance();
  }

  /// Stops reading and sending and drops results; completes when the durable writes are made.
  public CompletionStage<Void> pause() {
    CompletableFuture<Void> whenIdle = new CompletableFuture<>();
    writerLiveness.close();
    if (phase == CallPhase.WORKING) {
      phase = CallPhase.PAUSED;
      feed.close();
      transcript.stopAccepting();
    }
    idle = whenIdle;
    written();
    return whenIdle;
  }

  /// This worker no longer owns the call: stops all writes and drops the socket.
  public void abort() {
    phase = CallPhase.CLOSED;
    writerLiveness.close();
    feed.close();
    transcript.close();
    connection.drop();
    written();
  }

  /// Runs the next steps; called after each change.
  private void advance() {
    try {
      steps.run();
    } catch (RuntimeException failure) {
      logger.error("call.step_failed callId={}", call, failure);
    }
  }

  private void step() {
    if (phase != CallPhase.WORKING) {
      return;
    }
    if (feed.end().isPresent()) {
      endTimeout.endKnown();
    }
    feed.pull();
    if (connection.isOpen()) {
      sendAudio();
    } else if (connection.isDown()) {
      openOrEnd();
    } else if (sender.isAtGap() && !connection.isFinishing()) {
      sender.skipGap();
    } else if (feed.isFull() && !connection.isFinishing()) {
      sender.scan();
    }
  }

  private void openOrEnd() {
    if (sender.isAtGap()) {
      sender.skipGap();
    } else if (feed.hasAudio() && !endTimeout.isGivenUp()) {
      context.breaker().denied().ifPresent(_ -> transcript.setStatus(status.refused()));
      connection.open(new SessionRequest(format, language.code()));
    } else {
      if (feed.hasAudio()) {
        sender.scan();
      }
      if (feed.isAtEnd()) {
        end();
      }
    }
  }

  private void sendAudio() {
    if (feed.hasAudio()) {
      sender.send();
      feed.pull();
      if (feed.hasAudio()) {
        return;
      }
    }
    if (sender.hasStarted() && (sender.isAtGap() || feed.isAtEnd())) {
      connection.finish();
    } else if (sender.isAtGap()) {
      sender.skipGap();
    } else if (feed.isAtEnd()) {
      connection.drop();
      openOrEnd();
    }
  }

  // Events of the recogniser.

  @Override
  public void opened(String requestId) {
    status.logOpened(requestId, language.code(), transcript.lowestCovered(), format);
    endTimeout.opened();
    transcript.setStatus(status.connected());
    sender.sessionOpened();
    if (feed.isScanning()) {
      sender.replay(GapReason.RETENTION);
    }
    advance();
  }

  @Override
  public void onHypothesis(Hypothesis hypothesis) {
    transcript.onHypothesis(hypothesis);
  }

  @Override
  public void onSignal(RecognizerEvent.Signal signal) {
    transcript.onSignal(signal);
    status.log(signal);
  }

  @Override
  public void writable() {
    advance();
  }

  @Override
  public CloseCause finished(CloseCause.Finished finished) {
    return phase == CallPhase.WORKING ? transcript.sessionFinished(finished) : finished;
  }

  @Override
  public void closed(CloseCause cause) {
    if (phase != CallPhase.WORKING) {
      return;
    }
    if (cause instanceof CloseCause.Finished) {
      sender.sessionFinished();
    } else {
      transcript.setStatus(status.failed(cause));
      endTimeout.failed(cause);
      sender.sessionLost(cause);
    }
    advance();
  }

  // The end.

  /// Limits how long an ended call waits for a session.
  private void endTimedOut() {
    if (phase != CallPhase.WORKING) {
      return;
    }
    if (connection.isOpen() || connection.isFinishing()) {
      endTimeout.restart();
    } else {
      endTimeout.giveUp();
      connection.drop();
      sender.replay(GapReason.RETENTION);
      advance();
    }
  }

  private void end() {
    AudioSlice.End end = feed.end().orElseThrow();
    phase = CallPhase.ENDING;
    feed.close();
    if (endTimeout.isGivenUp()) {
      transcript.endUnprocessed(end);
    } else {
      transcript.end(end);
    }
  }

  // Outcomes of writes to the log.

  @Override
  public void written() {
    if (idle != null && (phase == CallPhase.CLOSED || transcript.isIdle())) {
      idle.complete(null);
    }
  }

  @Override
  public void sessionFailed(CloseCause.Lost cause) {
    connection.fail(cause);
    closed(cause);
  }

  @Override
  public void mustReplay() {
    if (phase == CallPhase.WORKING || phase == CallPhase.ENDING) {
      phase = CallPhase.WORKING;
      connection.drop();
      sender.replay(GapReason.LOG_LOST);
      advance();
    }
    written();
  }

  @Override
  public void ended() {
    logger.info("call.ended callId={}", call);
    abort();
    listener.closed(this, true);
  }

  @Override
  public void refused(WriteResult<Long> result) {
    status.logRefused(result);
    abort();
    listener.closed(this, !(result instanceof WriteResult.Fenced<Long>));
  }
}
