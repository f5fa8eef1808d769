@NullMarked
package io.verbatim.local.numbers;

import org.jspecify.annotations.NullMarked;
