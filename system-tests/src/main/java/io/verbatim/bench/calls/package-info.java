/// The calls the benchmarks play: audio that names its call, its frame and the moment it was sent,
/// and the open-loop generator that sends it as Exotel does.
@NullMarked
package io.verbatim.bench.calls;

import org.jspecify.annotations.NullMarked;
