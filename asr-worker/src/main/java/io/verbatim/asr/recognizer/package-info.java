/// What the worker asks of a speech recogniser, and nothing of how one is reached.
///
/// A session hears one contiguous stretch of one call's audio. Its events come in this order:
/// [Opened][io.verbatim.asr.recognizer.RecognizerEvent.Opened] at most once, then hypotheses and
/// other signs of life, then [Closed][io.verbatim.asr.recognizer.RecognizerEvent.Closed] exactly
/// once, unless the session was dropped. Times are seconds of the session's own audio.
@NullMarked
package io.verbatim.asr.recognizer;

import org.jspecify.annotations.NullMarked;
