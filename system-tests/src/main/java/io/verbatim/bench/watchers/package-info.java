/// The transcripts of the benchmarks and the watchers that read them. The words contain a number,
/// so that every delivered event is identified by its bytes.
@NullMarked
package io.verbatim.bench.watchers;

import org.jspecify.annotations.NullMarked;
