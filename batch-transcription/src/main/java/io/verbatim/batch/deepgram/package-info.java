/// Deepgram's API for recordings: one `POST /v1/listen` with the file as its body, answered with
/// the whole transcript.
@NullMarked
package io.verbatim.batch.deepgram;

import org.jspecify.annotations.NullMarked;
