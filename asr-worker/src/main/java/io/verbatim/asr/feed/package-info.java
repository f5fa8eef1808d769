/// Reads one call's audio from the audio log, finds the gaps in it, replaces audio that finals
/// already cover by silence, and limits the rate of a replay.
///
/// Everything with state is confined to the event loop. `asr.call` sends the audio to the
/// recogniser.
@NullMarked
package io.verbatim.asr.feed;

import org.jspecify.annotations.NullMarked;
