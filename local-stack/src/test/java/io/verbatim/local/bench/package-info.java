/// The benchmark, in short, as a test of the three jars.
@NullMarked
package io.verbatim.local.bench;

import org.jspecify.annotations.NullMarked;
