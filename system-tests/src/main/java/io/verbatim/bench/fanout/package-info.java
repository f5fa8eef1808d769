/// `./bench fanout` and `./bench wall`: what the gateway spends on delivering events, beside nginx
/// with nchan.
@NullMarked
package io.verbatim.bench.fanout;

import org.jspecify.annotations.NullMarked;
