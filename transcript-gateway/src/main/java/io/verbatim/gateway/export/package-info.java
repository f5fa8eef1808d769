/// Whole transcripts as documents: JSON, plain text, WebVTT and SubRip.
///
/// The writers are pure functions from entries to text; the handler reads the log and picks one.
@NullMarked
package io.verbatim.gateway.export;

import org.jspecify.annotations.NullMarked;
