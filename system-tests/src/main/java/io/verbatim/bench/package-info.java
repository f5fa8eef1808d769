/// The entry point of `./bench`, which measures the product's jars through their network
/// interfaces.
@NullMarked
package io.verbatim.bench;

import org.jspecify.annotations.NullMarked;
