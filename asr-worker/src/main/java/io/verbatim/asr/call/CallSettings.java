package io.verbatim.asr.call;

import java.time.Duration;
import java.util.Set;

/// How calls are processed.
///
/// @param maxCalls how many calls this worker owns at once
/// @param maxStreams how many recogniser sessions it has at once
/// @param language used where a call asks for none, or for one that is not offered
/// @param languages those offered
/// @param replaySpeed how fast a backlog is sent, in times real time
public record CallSettings(
    int maxCalls,
    int maxStreams,
    String language,
    Set<String> languages,
    double replaySpeed,
    Timing timing) {

  /// The delays and timeouts of a call; those of its sessions are apart.
  ///
  /// @param agingCheck how often audio that expired unprocessed is reported as a gap
  /// @param endTimeout how long an ended call waits for a session before it ends without one
  /// @param writerCheck between checks of the liveness of a call's ingest
  /// @param writerTimeout without a heartbeat of ingest, the owner ends the call
  public record Timing(
      Duration agingCheck, Duration endTimeout, Duration writerCheck, Duration writerTimeout) {

    /// The values used in production.
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));
  }

  public CallSettings {
    languages = Set.copyOf(languages);
  }

  /// How many calls may be owned at once: each may need a session.
  public int permits() {
    return Math.min(maxCalls, maxStreams);
  }
}
