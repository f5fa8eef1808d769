@NullMarked
package io.verbatim.bench.soak;

import org.jspecify.annotations.NullMarked;
