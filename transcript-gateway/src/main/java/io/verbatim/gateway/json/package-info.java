/// How the gateway writes JSON, for every response and event.
@NullMarked
package io.verbatim.gateway.json;

import org.jspecify.annotations.NullMarked;
