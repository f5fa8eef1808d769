/// Tests of the encoding of events.
@NullMarked
package io.verbatim.gateway.sse;

import org.jspecify.annotations.NullMarked;
