/// Whether the gateway is well, from local state only: no I/O, no side effect, always fast.
@NullMarked
package io.verbatim.gateway.health;

import org.jspecify.annotations.NullMarked;
