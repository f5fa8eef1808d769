/// JMH benchmarks of decoding and encoding: `./bench jmh`. One that needs a package-private class
/// of the product stands in that class's package.
@NullMarked
package io.verbatim.bench.jmh;

import org.jspecify.annotations.NullMarked;
