/// The environment of a benchmark: options, started and measured processes, and errors for missing
/// tools.
@NullMarked
package io.verbatim.bench.setup;

import org.jspecify.annotations.NullMarked;
