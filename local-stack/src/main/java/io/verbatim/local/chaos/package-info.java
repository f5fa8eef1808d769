/// Faults on purpose: calls whose audio says what it is go through real processes that are killed,
/// paused and restarted meanwhile, and every transcript must be whole.
@NullMarked
package io.verbatim.local.chaos;

import org.jspecify.annotations.NullMarked;
