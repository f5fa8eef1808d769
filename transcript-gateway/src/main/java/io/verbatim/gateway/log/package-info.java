/// Reads of transcripts. Identical reads are joined, and a bounded number runs at a time.
///
/// Each page is checked to continue the history of the entry before it.
@NullMarked
package io.verbatim.gateway.log;

import org.jspecify.annotations.NullMarked;
