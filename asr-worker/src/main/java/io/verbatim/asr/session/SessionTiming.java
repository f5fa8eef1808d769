package io.verbatim.asr.session;

import java.time.Duration;

/// The delays and timeouts of recogniser sessions.
///
/// @param handshakeLimit from connecting to the answer of the handshake; doubles with each one that
///   is not answered in time
/// @param handshakeSpacing between the handshakes of a worker
/// @param reconnectMin before a lost session is opened again, the first time
/// @param reconnectMax the same, after many attempts
/// @param quietAfter without audio before finals are requested for the audio sent so far
/// @param probeAfter without an answer to audio before finals are requested as a probe
/// @param silenceLimit without an answer to audio before the session is dropped; doubles with each
///   new session that does not answer either
/// @param deniedProbe between probes while the recogniser refuses the process
public record SessionTiming(
    Duration handshakeLimit,
    Duration handshakeSpacing,
    Duration reconnectMin,
    Duration reconnectMax,
    Duration quietAfter,
    Duration probeAfter,
    Duration silenceLimit,
    Duration deniedProbe) {

  /// The values used in production.
  public static final SessionTiming DEFAULT =
      new SessionTiming(
          Duration.ofSeconds(5),
          Duration.ofMillis(10),
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(8),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));
}
