package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.session.CircuitBreaker;
import io.verbatim.asr.session.SessionContext;
import io.verbatim.pubsub.Bus;
import io.verbatim.service.EventLoop;
import java.time.InstantSource;

/// What the calls of a worker share; none of it is a call's to close.
///
/// @param loop the bus's own
public record CallContext(
    EventLoop loop,
    InstantSource clock,
    Bus bus,
    SessionContext sessions,
    CircuitBreaker breaker,
    CallSettings settings,
    AsrMetrics metrics) {}
