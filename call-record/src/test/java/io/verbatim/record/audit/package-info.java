/// Tests of the package.
@NullMarked
package io.verbatim.record.audit;

import org.jspecify.annotations.NullMarked;
