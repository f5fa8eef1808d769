/// Phone numbers as the archive keeps them: their last four digits to show, and keyed hashes to
/// find the calls of a number.
@NullMarked
package io.verbatim.record.numbers;

import org.jspecify.annotations.NullMarked;
