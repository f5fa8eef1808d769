/// The way back of a call's words: follows its transcript in the log and passes it to the caller
/// that sends the audio, as far as the caller reads.
@NullMarked
package io.verbatim.ingest.transcript;

import org.jspecify.annotations.NullMarked;
