package io.verbatim.asr.call;

import java.time.Duration;
import java.util.Set;

/// How calls are worked on.
///
/// @param maxCalls how many calls this worker takes
/// @param maxStreams how many recogniser sessions it has at once
/// @param language what is heard where a call asks for nothing that is offered
/// @param languages what is offered
/// @param replaySpeed how fast audio is caught up on, in times real time
public record CallSettings(
    int maxCalls,
    int maxStreams,
    String language,
    Set<String> languages,
    double replaySpeed,
    Timing timing) {

  /// The waits of a call.
  ///
  /// @param reconnectMin before a lost session is opened again, the first time
  /// @param reconnectMax the same, after many times
  /// @param quietAfter without audio: what was said so far is to be said for good
  /// @param probeAfter without an answer to audio: the recogniser is asked for one
  /// @param silenceLimit without an answer to audio: the session is given up; doubled each time
  ///   that does not help
  /// @param deniedProbe between tries of one call while the recogniser refuses the process
  /// @param agingCheck how often it is seen to what audio aged away while nobody could hear it
  /// @param endPatience how long an ended call waits for a session before it ends without
  /// @param writerLook between looks after the one who writes a call's audio
  /// @param writerSilence without a sign of life of theirs the call is ended for them
  public record Timing(
      Duration reconnectMin,
      Duration reconnectMax,
      Duration quietAfter,
      Duration probeAfter,
      Duration silenceLimit,
      Duration deniedProbe,
      Duration agingCheck,
      Duration endPatience,
      Duration writerLook,
      Duration writerSilence) {

    /// What holds in production.
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(8),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));
  }

  public CallSettings {
    languages = Set.copyOf(languages);
  }

  /// How many calls may be owned at once: each may need a session.
  int permits() {
    return Math.min(maxCalls, maxStreams);
  }
}
