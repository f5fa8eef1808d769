package io.verbatim.asr.recognizer;

import java.util.Locale;

/// Why a session ended, grouped by how the caller reacts.
public sealed interface CloseCause {

  /// The metric label: one of a fixed set.
  String label();

  /// The session ended as requested, and every result has arrived.
  ///
  /// @param audioSeconds how much audio the recogniser reports as processed
  record Finished(double audioSeconds) implements CloseCause {
    @Override
    public String label() {
      return "finished";
    }
  }

  /// The recogniser refuses this process: key, payment or permission. No call can be transcribed
  /// until an operator acts.
  ///
  /// @param status 401, 402 or 403
  record Denied(int status, String detail) implements CloseCause {
    @Override
    public String label() {
      return "denied_" + status;
    }
  }

  /// The recogniser cannot transcribe this call as it is: the same request will fail again.
  record Unsuitable(Problem problem, String detail) implements CloseCause {

    /// What the recogniser rejected.
    public enum Problem {
      /// The request: its parameters.
      BAD_REQUEST,
      /// The bytes: they do not decode as audio.
      NOT_AUDIO
    }

    @Override
    public String label() {
      return problem.name().toLowerCase(Locale.ROOT);
    }
  }

  /// The recogniser has no capacity for another session at present.
  record Busy(String detail) implements CloseCause {
    @Override
    public String label() {
      return "busy";
    }
  }

  /// Any other end: another session may succeed.
  ///
  /// @param code a WebSocket close code, or the HTTP status of a refusal; 1006 if the connection
  ///   was lost or dropped
  record Lost(Reason reason, int code, String detail) implements CloseCause {

    /// Why the session was lost.
    public enum Reason {
      /// No connection could be made.
      UNREACHABLE,
      /// The handshake was not answered in time.
      NO_HANDSHAKE,
      /// The handshake was answered with a status that concerns neither the call nor the key.
      REFUSED,
      /// The connection was lost without a close frame.
      DROPPED,
      /// The recogniser closed the session without a request.
      CLOSED,
      /// The recogniser produced no message within its own time limit.
      NET_0000,
      /// The recogniser received no audio in time.
      NET_0001,
      /// The connection carried no bytes, not even pongs.
      NO_PONG,
      /// The recogniser received audio and sent no results.
      SILENT,
      /// The recogniser sent a final but not the one before it.
      FINAL_MISSING,
      /// The recogniser did not finish in time after `CloseStream`.
      NO_METADATA,
      /// The recogniser finished, but its results do not reach the end of the audio sent.
      CUT_SHORT
    }

    @Override
    public String label() {
      return reason.name().toLowerCase(Locale.ROOT);
    }
  }
}
