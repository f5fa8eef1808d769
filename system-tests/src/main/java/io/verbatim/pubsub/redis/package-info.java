/// Benchmarks of what is package-private here.
@NullMarked
package io.verbatim.pubsub.redis;

import org.jspecify.annotations.NullMarked;
