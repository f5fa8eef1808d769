/// From what a recogniser says about its session to what the transcript says about the call.
///
/// Values in, values out: no clock, no thread, no I/O. A recogniser's seconds become positions in
/// the call's audio, so that time goes on where the log is, whatever session heard it.
@NullMarked
package io.verbatim.asr.transcript;

import org.jspecify.annotations.NullMarked;
