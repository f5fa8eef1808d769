/// What each tenant has used, by day, and by month after a time.
///
/// The numbers of a call are part of its row in the archive, so they are written in the transaction
/// that archives the call, once. Other work has rows of counts.
@NullMarked
package io.verbatim.record.usage;

import org.jspecify.annotations.NullMarked;
