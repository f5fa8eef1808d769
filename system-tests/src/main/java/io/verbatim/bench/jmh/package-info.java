/// JMH benchmarks of decoding and encoding: `./bench jmh`.
@NullMarked
package io.verbatim.bench.jmh;

import org.jspecify.annotations.NullMarked;
