/// Tests of the package.
@NullMarked
package io.verbatim.record.database;

import org.jspecify.annotations.NullMarked;
