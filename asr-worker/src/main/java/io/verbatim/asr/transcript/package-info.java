/// From recogniser results to the call's transcript.
///
/// A result takes this way: the
/// [TranscriptAssembler][io.verbatim.asr.transcript.TranscriptAssembler] turns it into
/// [TranscriptWrite][io.verbatim.asr.transcript.TranscriptWrite]s, the writer orders these and
/// makes one at a time. The assembler and its parts are values in, values out: no clock, no thread,
/// no I/O. A recogniser's seconds become positions in the call's audio, so that time continues
/// across sessions and owners. The rest is confined to the event loop.
@NullMarked
package io.verbatim.asr.transcript;

import org.jspecify.annotations.NullMarked;
