/// The gateway reads transcripts from the bus, streams them to browsers, and serves the agent's
/// page. This package has its start, its settings and its configuration.
@NullMarked
package io.verbatim.gateway;

import org.jspecify.annotations.NullMarked;
