/// `redis-connections`: who is connected to the Redis server, and whether that is too much.
@NullMarked
package io.verbatim.tools.redis;

import org.jspecify.annotations.NullMarked;
