package io.verbatim.asr.call;

import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.asr.recognizer.SpeechRecognizer;
import io.verbatim.pubsub.Bus;
import java.util.random.RandomGenerator;

/// What every call of a worker is worked on with; all of it shared, none of it the call's to close.
public record CallTools(
    CallLoop loop,
    Bus bus,
    SpeechRecognizer recognizer,
    RecognizerGate gate,
    CallSettings settings,
    AsrMetrics metrics,
    RandomGenerator random) {}
