/// Whole transcripts as documents: JSON, plain text, WebVTT and SubRip.
///
/// A transcript is read twice, page by page: once into a `TranscriptSummary`, and once into a
/// `Document`, so that none is ever whole in memory. Values in, text out; the handler reads the
/// log.
@NullMarked
package io.verbatim.gateway.export;

import org.jspecify.annotations.NullMarked;
