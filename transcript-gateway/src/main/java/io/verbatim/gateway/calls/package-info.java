/// The list of calls, and single calls with their ledgers.
@NullMarked
package io.verbatim.gateway.calls;

import org.jspecify.annotations.NullMarked;
