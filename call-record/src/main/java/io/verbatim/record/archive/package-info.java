/// Ended calls in the database: their transcripts, ledgers and metadata.
///
/// Each call is archived once, in one transaction, by any gateway. A call is identified by its id,
/// its tenant and its start; its transcript by the line of its last entry. If the log replaced the
/// call's history after it was archived, the newer transcript replaces the older one.
///
/// A transcript is stored in pages of up to [ArchivedTranscript#PAGE] entries: JSON, compressed,
/// after one byte for the version of the format.
@NullMarked
package io.verbatim.record.archive;

import org.jspecify.annotations.NullMarked;
