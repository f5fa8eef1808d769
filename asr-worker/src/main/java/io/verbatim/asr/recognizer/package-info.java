/// The port to a speech recogniser, independent of its protocol.
///
/// A session transcribes one contiguous stretch of one call's audio. Its events come in this order:
/// [Opened][io.verbatim.asr.recognizer.RecognizerEvent.Opened] at most once, then results and other
/// signals, then [Closed][io.verbatim.asr.recognizer.RecognizerEvent.Closed] exactly once, unless
/// the session was dropped. Times are seconds of the session's own audio.
@NullMarked
package io.verbatim.asr.recognizer;

import org.jspecify.annotations.NullMarked;
