/// A long run under the limits of a small instance: is the memory flat?
@NullMarked
package io.verbatim.bench.soak;

import org.jspecify.annotations.NullMarked;
