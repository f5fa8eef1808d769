/// Transcripts over HTTP: live as server-sent events, or as documents.
@NullMarked
package io.verbatim.gateway.transcript;

import org.jspecify.annotations.NullMarked;
