/// The measurements of the benchmarks: latency histograms, medians and tables. Independent of the
/// product's processes and protocols.
@NullMarked
package io.verbatim.bench.measure;

import org.jspecify.annotations.NullMarked;
