/// `./bench start`: the time, CPU time and memory of each service's start.
@NullMarked
package io.verbatim.bench.start;

import org.jspecify.annotations.NullMarked;
