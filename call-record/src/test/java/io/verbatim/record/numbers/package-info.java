/// Tests of the package.
@NullMarked
package io.verbatim.record.numbers;

import org.jspecify.annotations.NullMarked;
