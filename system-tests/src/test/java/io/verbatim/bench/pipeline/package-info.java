/// A short run of the benchmark as a test of the three services.
@NullMarked
package io.verbatim.bench.pipeline;

import org.jspecify.annotations.NullMarked;
