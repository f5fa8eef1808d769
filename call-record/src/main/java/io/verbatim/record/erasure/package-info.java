/// The erasure of calls on request: their transcripts, lines and phone numbers.
///
/// The row of an erased call remains without its data, so that no gateway archives the call again,
/// and so that its usage stays correct. A row of `erasure` is the proof. Each gateway reads new
/// rows once a second and ends the streams of these calls.
@NullMarked
package io.verbatim.record.erasure;

import org.jspecify.annotations.NullMarked;
