package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.session.CircuitBreaker;
import io.verbatim.asr.session.SessionContext;
import io.verbatim.pubsub.Bus;
import io.verbatim.service.EventLoop;
import java.time.InstantSource;

/// Shared by all calls of a worker. A call closes none of it.
///
/// @param loop the bus's event loop
public record CallContext(
    EventLoop loop,
    InstantSource clock,
    Bus bus,
    SessionContext sessions,
    CircuitBreaker breaker,
    CallSettings settings,
    AsrMetrics metrics) {}
