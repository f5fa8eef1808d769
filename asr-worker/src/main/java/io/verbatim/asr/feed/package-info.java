/// One call's audio on its way in: read from the log, checked for gaps, paced for replay.
///
/// Confined to the event loop, apart from plain values. Where the audio goes is decided elsewhere.
@NullMarked
package io.verbatim.asr.feed;

import org.jspecify.annotations.NullMarked;
