package io.verbatim.ingest.call;

import java.time.Duration;

/// How a call session behaves.
///
/// @param bufferBytes audio of one call in memory, at most
/// @param heartbeatInterval how often the log is told that the writer is alive
/// @param resumeWindow how long a pcm call waits for its caller to come back
/// @param settleTimeout how long an ended call is kept for a log that might forget it
public record CallSettings(
    long bufferBytes, Duration heartbeatInterval, Duration resumeWindow, Duration settleTimeout) {}
