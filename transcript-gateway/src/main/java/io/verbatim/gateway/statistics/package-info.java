/// Statistics of one call, from the times of its words: who spoke how long, and how the speakers
/// took turns.
///
/// Values in, values out: no Spring, no clock, no I/O. Field names are a contract with other
/// systems.
@NullMarked
package io.verbatim.gateway.statistics;

import org.jspecify.annotations.NullMarked;
