package io.verbatim.ingest.connection;

import java.time.Duration;

/// The timeouts of a connection.
///
/// @param start from the upgrade to the start, and from the start to the log's answer
/// @param stall time without media until a stall is counted
/// @param media time without media until the call ends
/// @param ping time without any frame until a ping is sent
/// @param pong from a ping to any frame
/// @param transcript from the stored end of a call to its last words
/// @param session from the upgrade to the end of the call, regardless of what arrives
public record ConnectionTimeouts(
    Duration start,
    Duration stall,
    Duration media,
    Duration ping,
    Duration pong,
    Duration transcript,
    Duration session) {}
