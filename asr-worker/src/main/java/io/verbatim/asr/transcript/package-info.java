/// From recogniser results to the call's transcript.
///
/// The [TranscriptAssembler][io.verbatim.asr.transcript.TranscriptAssembler] turns each result into
/// [TranscriptWrite][io.verbatim.asr.transcript.TranscriptWrite]s; the writer orders these and
/// makes one at a time. The assembler and its parts are values in, values out: no clock, no thread,
/// no I/O. They convert a recogniser's seconds to positions in the call's audio, so that time
/// continues across sessions and owners. The rest is confined to the event loop.
@NullMarked
package io.verbatim.asr.transcript;

import org.jspecify.annotations.NullMarked;
