/// What the benchmarks measure with: latencies, processor time, memory, medians and tables. Knows
/// no process and no protocol of the product.
@NullMarked
package io.verbatim.bench.measure;

import org.jspecify.annotations.NullMarked;
