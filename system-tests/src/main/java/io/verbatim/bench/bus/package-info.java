/// `./bench bus`: what the bus alone costs, in processes that do nothing else.
@NullMarked
package io.verbatim.bench.bus;

import org.jspecify.annotations.NullMarked;
