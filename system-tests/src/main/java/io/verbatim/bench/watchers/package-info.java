/// The transcripts the benchmarks write and the watchers that read them: words that carry a number,
/// so that every delivered event is known by its bytes alone.
@NullMarked
package io.verbatim.bench.watchers;

import org.jspecify.annotations.NullMarked;
