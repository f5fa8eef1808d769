/// Input of one call's audio: read from the log, checked for gaps, paced for replay.
///
/// Confined to the event loop, apart from plain values. `asr.call` sends the audio on.
@NullMarked
package io.verbatim.asr.feed;

import org.jspecify.annotations.NullMarked;
