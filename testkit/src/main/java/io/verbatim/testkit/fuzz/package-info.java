/// What a fuzz test checks a parser with.
@NullMarked
package io.verbatim.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
