/// Tests of the Redis adapter's guarantees beyond the contract of the ports.
@NullMarked
package io.verbatim.pubsub.redis;

import org.jspecify.annotations.NullMarked;
