/// What only the Redis adapter promises, beyond the contract of the ports.
@NullMarked
package io.verbatim.pubsub.redis;

import org.jspecify.annotations.NullMarked;
