/// Transcripts as documents: JSON, plain text, WebVTT and SubRip.
///
/// A transcript is read twice, page by page: once into a `TranscriptSummary`, and once into a
/// `Document`, so no transcript is in memory as a whole. Values in, text out; the handler reads the
/// log.
@NullMarked
package io.verbatim.gateway.export;

import org.jspecify.annotations.NullMarked;
