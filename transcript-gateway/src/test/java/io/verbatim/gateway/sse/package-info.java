/// Tests of the events' bytes.
@NullMarked
package io.verbatim.gateway.sse;

import org.jspecify.annotations.NullMarked;
