/// Runs the fuzz tests of all modules guided by code coverage, and times their parsers.
///
/// A `…FuzzTest` class is in the package of the parsers it calls. Each of its methods accepts any
/// bytes and throws only if a parser breaks a guarantee. The module's build runs it with the
/// committed inputs only.
@NullMarked
package io.verbatim.fuzz;

import org.jspecify.annotations.NullMarked;
