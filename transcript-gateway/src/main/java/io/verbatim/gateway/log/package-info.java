/// Reads of transcripts that clients share: identical ones are joined, and few are under way at a
/// time.
///
/// What is read on behind an entry is checked to continue that entry's history.
@NullMarked
package io.verbatim.gateway.log;

import org.jspecify.annotations.NullMarked;
