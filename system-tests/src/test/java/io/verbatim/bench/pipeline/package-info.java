/// The benchmark, in short, as a test of the three jars.
@NullMarked
package io.verbatim.bench.pipeline;

import org.jspecify.annotations.NullMarked;
