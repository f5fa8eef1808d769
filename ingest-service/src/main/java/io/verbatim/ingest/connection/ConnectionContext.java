package io.verbatim.ingest.connection;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.metrics.IngestMetrics;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What every connection works with.
///
/// @param maxMessageBytes of one message, fragments together
/// @param nanos a monotonic clock
public record ConnectionContext(
    CallRegistry calls,
    ConnectionTimeouts timeouts,
    RateLimit rateLimit,
    int maxMessageBytes,
    IngestMetrics metrics,
    InstantSource clock,
    LongSupplier nanos) {}
