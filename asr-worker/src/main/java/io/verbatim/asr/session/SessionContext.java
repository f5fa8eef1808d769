package io.verbatim.asr.session;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.service.EventLoop;
import java.util.random.RandomGenerator;

/// Shared by the recogniser connections of a worker.
public record SessionContext(
    EventLoop loop,
    SpeechRecognizer recognizer,
    SessionLimiter limiter,
    SessionTiming timing,
    AsrMetrics metrics,
    RandomGenerator random) {}
