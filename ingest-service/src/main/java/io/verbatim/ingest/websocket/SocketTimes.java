package io.verbatim.ingest.websocket;

import java.time.Duration;

/// How long a socket may be silent, and how long it may last.
///
/// @param start from the upgrade to a start, and from there to its answer
/// @param stall without media until it is counted
/// @param media without media until the call is over
/// @param ping without any frame until we ping
/// @param pong from our ping to any frame
/// @param session from the upgrade to the end of the call, whatever comes
public record SocketTimes(
    Duration start,
    Duration stall,
    Duration media,
    Duration ping,
    Duration pong,
    Duration session) {}
