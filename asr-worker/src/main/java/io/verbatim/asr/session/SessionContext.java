package io.verbatim.asr.session;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.service.EventLoop;
import java.util.random.RandomGenerator;

/// What the recogniser connections of a worker share.
public record SessionContext(
    EventLoop loop,
    SpeechRecognizer recognizer,
    SessionLimiter limiter,
    SessionTiming timing,
    AsrMetrics metrics,
    RandomGenerator random) {}
