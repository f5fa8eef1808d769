package io.verbatim.ingest.call;

import java.time.Duration;

/// The settings of a call session.
///
/// @param bufferBytes limit on one call's audio in memory
/// @param heartbeatInterval interval of the writer's heartbeats to the log
/// @param resumeWindow how long a pcm call waits for its caller to reconnect
/// @param settleTimeout how long an ended call stays in memory in case the log loses it
public record CallSettings(
    long bufferBytes, Duration heartbeatInterval, Duration resumeWindow, Duration settleTimeout) {}
