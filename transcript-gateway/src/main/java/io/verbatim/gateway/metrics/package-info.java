/// What the gateway counts, each with its unit and a description, on an injected registry.
@NullMarked
package io.verbatim.gateway.metrics;

import org.jspecify.annotations.NullMarked;
