/// The whole pipeline on one machine with one command: Redis, recogniser, the three services and
/// callers. Each service has its own connection to Redis, as in production. Only loopback addresses
/// are bound.
@NullMarked
package io.verbatim.local;

import org.jspecify.annotations.NullMarked;
