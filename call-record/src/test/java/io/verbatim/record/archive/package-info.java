/// Tests of the package.
@NullMarked
package io.verbatim.record.archive;

import org.jspecify.annotations.NullMarked;
