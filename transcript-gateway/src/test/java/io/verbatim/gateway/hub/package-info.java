/// Tests of the hub, without a server or Redis.
@NullMarked
package io.verbatim.gateway.hub;

import org.jspecify.annotations.NullMarked;
