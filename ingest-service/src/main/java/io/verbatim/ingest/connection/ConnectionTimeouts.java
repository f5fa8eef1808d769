package io.verbatim.ingest.connection;

import java.time.Duration;

/// How long a connection may be silent, and how long it may last.
///
/// @param start from the upgrade to a start, and from there to its answer
/// @param stall without media until it is counted
/// @param media without media until the call is over
/// @param ping without any frame until we ping
/// @param pong from our ping to any frame
/// @param session from the upgrade to the end of the call, whatever arrives
public record ConnectionTimeouts(
    Duration start,
    Duration stall,
    Duration media,
    Duration ping,
    Duration pong,
    Duration session) {}
