/// The benchmark `./bench`: the three jars, a Redis of its own, a recogniser that answers at once,
/// and calls whose audio says what it is, so that every byte and every delay can be checked where
/// it arrives.
@NullMarked
package io.verbatim.local.bench;

import org.jspecify.annotations.NullMarked;
