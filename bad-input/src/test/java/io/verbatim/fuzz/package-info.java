/// A short fuzzing of everything, with every build.
@NullMarked
package io.verbatim.fuzz;

import org.jspecify.annotations.NullMarked;
