/// `./bench fanout` and `./bench wall`: the gateway's cost of delivering events, compared with
/// nginx and nchan.
@NullMarked
package io.verbatim.bench.fanout;

import org.jspecify.annotations.NullMarked;
