package io.verbatim.ingest.connection;

import java.time.Duration;

/// What a connection may send.
///
/// @param burst audio that may arrive at once
/// @param speed in the long run, in multiples of real time
public record RateLimit(Duration burst, int speed) {}
