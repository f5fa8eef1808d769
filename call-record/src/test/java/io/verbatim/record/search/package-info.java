/// Tests of the package.
@NullMarked
package io.verbatim.record.search;

import org.jspecify.annotations.NullMarked;
