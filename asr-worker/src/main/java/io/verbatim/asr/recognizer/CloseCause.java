package io.verbatim.asr.recognizer;

import java.util.Locale;

/// Why a session is over, by what the caller should do about it.
public sealed interface CloseCause {

  /// One of a few fixed words, for counting.
  String word();

  /// Asked to finish, it did: everything sent has been heard and said.
  record Finished() implements CloseCause {
    @Override
    public String word() {
      return "finished";
    }
  }

  /// The recogniser refuses this process: key, payment or permission. No call can be heard until a
  /// person has acted.
  ///
  /// @param status 401, 402 or 403
  record Denied(int status, String detail) implements CloseCause {
    @Override
    public String word() {
      return "denied_" + status;
    }
  }

  /// The recogniser cannot hear this call as it is: the same request will fail again.
  record Unsuitable(What what, String detail) implements CloseCause {

    /// What it cannot do with the call.
    public enum What {
      /// Take the request: its parameters.
      BAD_REQUEST,
      /// Take its bytes for audio.
      NOT_AUDIO
    }

    @Override
    public String word() {
      return what.name().toLowerCase(Locale.ROOT);
    }
  }

  /// No room for another session just now.
  record Busy(String detail) implements CloseCause {
    @Override
    public String word() {
      return "busy";
    }
  }

  /// Anything else: another session may well succeed.
  ///
  /// @param code a WebSocket close code, or the HTTP status of a refusal; 1006 where the line just
  ///   broke
  record Lost(How how, int code, String detail) implements CloseCause {

    /// How it was lost.
    public enum How {
      /// There was no connection to be had.
      UNREACHABLE,
      /// The handshake was not answered in time.
      NO_HANDSHAKE,
      /// The handshake was answered with a status that says nothing about the call or its key.
      REFUSED,
      /// The connection went without a word.
      DROPPED,
      /// The recogniser closed the session unasked.
      CLOSED,
      /// The recogniser had nothing to say in its own time.
      NET_0000,
      /// The recogniser missed audio.
      NET_0001,
      /// It took audio and gave nothing back.
      SILENT,
      /// Asked to finish, it did not in time.
      NO_LAST_WORDS
    }

    @Override
    public String word() {
      return how.name().toLowerCase(Locale.ROOT);
    }
  }
}
