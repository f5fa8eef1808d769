package io.verbatim.ingest.connection;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.TranscriptLog;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The shared dependencies of all connections.
///
/// @param maxMessageBytes size limit of one message, all fragments together
/// @param isRevoked whether the API key with this id is no longer valid
/// @param nanos a monotonic clock
public record ConnectionContext(
    CallRegistry calls,
    TranscriptLog transcripts,
    ConnectionTimeouts timeouts,
    RateLimit rateLimit,
    int maxMessageBytes,
    IngestMetrics metrics,
    Predicate<String> isRevoked,
    InstantSource clock,
    LongSupplier nanos) {}
