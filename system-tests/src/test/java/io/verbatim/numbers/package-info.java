@NullMarked
package io.verbatim.numbers;

import org.jspecify.annotations.NullMarked;
