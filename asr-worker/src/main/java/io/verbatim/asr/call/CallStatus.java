package io.verbatim.asr.call;

import io.verbatim.asr.recognizer.CloseCause;
import io.verbatim.asr.recognizer.RecognizerEvent;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.RecognizerStatus.State;
import io.verbatim.pubsub.message.WriteResult;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The recogniser's state as a call's subscribers see it, and as the log reports it: at most one
/// warning per call and minute. Confined to the event loop.
final class CallStatus {
  private static final Logger logger = LoggerFactory.getLogger(CallStatus.class);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  private final CallId call;
  private final String recognizer;
  private final String languageNote;
  private int suppressed;
  private long lastWarningNanos;
  private boolean warned;

  CallStatus(CallId call, String recognizer, String languageNote) {
    this.call = call;
    this.recognizer = recognizer;
    this.languageNote = languageNote;
  }

  /// The status before the first session.
  RecognizerStatus opening() {
    return new RecognizerStatus(State.RECONNECTING, "", languageNote);
  }

  RecognizerStatus connected() {
    return new RecognizerStatus(State.CONNECTED, recognizer, languageNote);
  }

  /// A session was lost, refused or closed.
  RecognizerStatus failed(CloseCause cause) {
    return switch (cause) {
      case CloseCause.Denied(int code, String detail) -> {
        warn(cause.label(), code, detail);
        yield refused();
      }
      case CloseCause.Unsuitable(_, String detail) -> {
        warn(cause.label(), 0, detail);
        yield new RecognizerStatus(
            State.UNAVAILABLE, recognizer, "the recogniser cannot transcribe this call: " + detail);
      }
      case CloseCause.Busy(String detail) -> {
        warn(cause.label(), 429, detail);
        yield new RecognizerStatus(State.RECONNECTING, recognizer, "no recogniser stream is free");
      }
      case CloseCause.Lost(CloseCause.Lost.Reason reason, int code, String detail) -> {
        warn(cause.label(), code, detail);
        yield new RecognizerStatus(State.RECONNECTING, recognizer, lost(reason, code));
      }
      case CloseCause.Finished _ -> connected();
    };
  }

  private static String lost(CloseCause.Lost.Reason reason, int code) {
    return switch (reason) {
      case UNREACHABLE -> "the recogniser cannot be reached";
      case NO_HANDSHAKE -> "the recogniser does not answer";
      case REFUSED -> "the recogniser refused the session (" + code + ")";
      case DROPPED, NO_PONG -> "the connection to the recogniser was lost";
      case CLOSED -> "the recogniser closed the session (" + code + ")";
      case NET_0000 -> "the recogniser closed the session (NET-0000)";
      case NET_0001 -> "the recogniser closed the session (NET-0001)";
      case SILENT -> "the recogniser sends no results";
      case FINAL_MISSING -> "the recogniser skipped a part of the call";
      case NO_METADATA -> "the recogniser did not send the last results";
      case CUT_SHORT -> "the recogniser did not process all of the audio";
    };
  }

  /// No session may be opened for any call.
  RecognizerStatus refused() {
    return new RecognizerStatus(
        State.UNAVAILABLE, recognizer, "the recogniser refuses this service");
  }

  /// Logs that a session opened.
  ///
  /// @param position where its audio starts
  void logOpened(String requestId, String language, long position, AudioFormat format) {
    logger.info(
        "recognizer.opened callId={} requestId={} language={} position={} startMs={}",
        call,
        requestId,
        language,
        position,
        format.toMillis(position));
  }

  /// Logs that writes of this owner are refused.
  void logRefused(WriteResult<Long> result) {
    logger.warn(
        "call.refused callId={} reason={}",
        call,
        result.getClass().getSimpleName().toLowerCase(Locale.ROOT));
  }

  /// Logs a message of the recogniser that may matter to an operator.
  void log(RecognizerEvent.Signal signal) {
    if (signal.kind().equals("problem")) {
      warn("problem", 0, signal.detail());
    } else if (!signal.detail().isEmpty()) {
      logger.debug(
          "recognizer.signal callId={} kind={} detail=\"{}\"",
          call,
          signal.kind(),
          signal.detail());
    }
  }

  private void warn(String reason, int code, String detail) {
    long now = System.nanoTime();
    if (warned && now - lastWarningNanos < WARNING_INTERVAL.toNanos()) {
      suppressed++;
      return;
    }
    logger.warn(
        "recognizer.failed callId={} reason={} code={} detail=\"{}\" suppressed={}",
        call,
        reason,
        code,
        detail,
        suppressed);
    warned = true;
    lastWarningNanos = now;
    suppressed = 0;
  }
}
