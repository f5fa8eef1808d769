/// The gateway's meters, on an injected registry.
@NullMarked
package io.verbatim.gateway.metrics;

import org.jspecify.annotations.NullMarked;
