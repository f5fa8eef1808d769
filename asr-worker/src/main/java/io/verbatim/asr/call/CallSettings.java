package io.verbatim.asr.call;

import java.time.Duration;
import java.util.Set;

/// The settings of the calls that this worker processes.
///
/// @param maxCalls how many calls this worker owns at once
/// @param maxStreams how many recogniser sessions it has at once
/// @param language the language of a call that requests none, or one that is not in `languages`
/// @param languages the languages a call may request
/// @param replaySpeed how fast a backlog is sent, in times real time
public record CallSettings(
    int maxCalls,
    int maxStreams,
    String language,
    Set<String> languages,
    double replaySpeed,
    Timing timing) {

  /// The delays and timeouts of a call. `SessionTiming` has those of its sessions.
  ///
  /// @param agingCheck how often audio that expired unprocessed is reported as a gap
  /// @param endTimeout how long a call whose audio has ended waits for a session before its
  ///   transcript ends without one
  /// @param writerCheck interval between checks that a call's ingest is alive
  /// @param writerTimeout how long ingest may send no heartbeat before the owner ends the call
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
