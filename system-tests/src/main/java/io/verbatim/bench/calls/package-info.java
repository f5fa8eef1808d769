/// The calls of the benchmarks: audio that contains its call, frame number and send time, and the
/// open-loop generator that sends it like Exotel.
@NullMarked
package io.verbatim.bench.calls;

import org.jspecify.annotations.NullMarked;
