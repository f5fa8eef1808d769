/// The gateway: reads transcripts from the bus and streams them to browsers, with the page that
/// shows them. Here is only how it starts, what can be set and how its parts are put together.
@NullMarked
package io.verbatim.gateway;

import org.jspecify.annotations.NullMarked;
