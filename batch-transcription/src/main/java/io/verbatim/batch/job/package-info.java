/// The work on recordings: a bounded number of slots, a folder on disk for each, and a virtual
/// thread that transcribes.
///
/// A folder is deleted with its request in every outcome. Each process holds a lock on its own
/// directory, so that the next process finds what a crash left.
@NullMarked
package io.verbatim.batch.job;

import org.jspecify.annotations.NullMarked;
