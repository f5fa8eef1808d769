/// Bad input, on purpose: every parser of what comes from outside, by class, fuzzed and timed.
///
/// A `…Reading` stands in the package of the parsers it drives, takes any bytes and throws only
/// where the parser breaks its promise. Nothing here is shipped.
@NullMarked
package io.verbatim.fuzz;

import org.jspecify.annotations.NullMarked;
