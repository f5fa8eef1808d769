package io.verbatim.ingest.websocket;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.metrics.IngestMetrics;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What every connection works with.
///
/// @param nanos a monotonic clock
public record DialectTools(
    CallRegistry calls,
    SocketTimes times,
    SocketPace.Limits pace,
    IngestMetrics metrics,
    InstantSource clock,
    LongSupplier nanos) {}
