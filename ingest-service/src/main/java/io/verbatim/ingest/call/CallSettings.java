package io.verbatim.ingest.call;

import java.time.Duration;

/// How a live call behaves.
///
/// @param bufferBytes audio of one call in memory, at most
/// @param aliveInterval how often the log is told that the writer lives
/// @param resumeWindow how long a pcm call waits for its caller to come back
/// @param settleWithin how long an ended call is kept for a log that might forget it
public record CallSettings(
    long bufferBytes, Duration aliveInterval, Duration resumeWindow, Duration settleWithin) {}
