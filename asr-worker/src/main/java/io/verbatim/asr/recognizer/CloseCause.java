package io.verbatim.asr.recognizer;

import java.util.Locale;

/// Why a session is over, by what the caller should do about it.
public sealed interface CloseCause {

  /// One of a few fixed words, for counting.
  String word();

  /// The session ended as requested, and every result has arrived.
  ///
  /// @param audioSeconds how much audio the recogniser says it processed
  record Finished(double audioSeconds) implements CloseCause {
    @Override
    public String word() {
      return "finished";
    }
  }

  /// The recogniser refuses this process: key, payment or permission. No call can be transcribed
  /// until an operator acts.
  ///
  /// @param status 401, 402 or 403
  record Denied(int status, String detail) implements CloseCause {
    @Override
    public String word() {
      return "denied_" + status;
    }
  }

  /// The recogniser cannot transcribe this call as it is: the same request will fail again.
  record Unsuitable(What what, String detail) implements CloseCause {

    /// What the recogniser rejected.
    public enum What {
      /// The request: its parameters.
      BAD_REQUEST,
      /// The bytes: they do not decode as audio.
      NOT_AUDIO
    }

    @Override
    public String word() {
      return what.name().toLowerCase(Locale.ROOT);
    }
  }

  /// The recogniser has no room for another session at present.
  record Busy(String detail) implements CloseCause {
    @Override
    public String word() {
      return "busy";
    }
  }

  /// Anything else: another session may succeed.
  ///
  /// @param code a WebSocket close code, or the HTTP status of a refusal; 1006 where the connection
  ///   was lost or dropped
  record Lost(How how, int code, String detail) implements CloseCause {

    /// How it was lost.
    public enum How {
      /// No connection could be made.
      UNREACHABLE,
      /// The handshake was not answered in time.
      NO_HANDSHAKE,
      /// The handshake was answered with a status that concerns neither the call nor the key.
      REFUSED,
      /// The connection was lost without a close frame.
      DROPPED,
      /// The recogniser closed the session unasked.
      CLOSED,
      /// The recogniser produced no message in its own time.
      NET_0000,
      /// The recogniser received no audio in time.
      NET_0001,
      /// The connection carried nothing any more, not even answers to pings.
      NO_PONG,
      /// The recogniser took audio and answered nothing.
      SILENT,
      /// The recogniser sent a final, and not the one before it.
      FINAL_MISSING,
      /// The recogniser did not finish in time when asked to.
      NO_LAST_WORDS,
      /// The recogniser finished, and its results do not reach the end of what it was sent.
      CUT_SHORT
    }

    @Override
    public String word() {
      return how.name().toLowerCase(Locale.ROOT);
    }
  }
}
