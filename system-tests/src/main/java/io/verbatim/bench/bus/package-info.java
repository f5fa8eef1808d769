/// `./bench bus`: the cost of the bus alone, in processes that do nothing else.
@NullMarked
package io.verbatim.bench.bus;

import org.jspecify.annotations.NullMarked;
