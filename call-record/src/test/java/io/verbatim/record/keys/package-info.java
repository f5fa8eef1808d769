/// Tests of the package.
@NullMarked
package io.verbatim.record.keys;

import org.jspecify.annotations.NullMarked;
