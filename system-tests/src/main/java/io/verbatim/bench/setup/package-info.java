/// What a benchmark needs around it: the options, the processes it starts and measures, and clear
/// errors where a tool is missing.
@NullMarked
package io.verbatim.bench.setup;

import org.jspecify.annotations.NullMarked;
