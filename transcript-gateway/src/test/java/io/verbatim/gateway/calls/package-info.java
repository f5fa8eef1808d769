/// Tests of the lookup of calls, without a server.
@NullMarked
package io.verbatim.gateway.calls;

import org.jspecify.annotations.NullMarked;
