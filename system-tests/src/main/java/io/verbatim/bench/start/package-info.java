/// `./bench start`: what a start of each service costs.
@NullMarked
package io.verbatim.bench.start;

import org.jspecify.annotations.NullMarked;
