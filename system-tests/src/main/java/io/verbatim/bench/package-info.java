/// The entry point of `./bench`, which measures the product's jars from outside, by the wire
/// contract.
@NullMarked
package io.verbatim.bench;

import org.jspecify.annotations.NullMarked;
