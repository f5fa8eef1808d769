/// The whole pipeline on one machine: Redis, recogniser, the three services and callers, with one
/// command. Each service runs as it would alone, with its own connection to Redis; only loopback
/// addresses are bound.
@NullMarked
package io.verbatim.local;

import org.jspecify.annotations.NullMarked;
