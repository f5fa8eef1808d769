/// Tests of the package.
@NullMarked
package io.verbatim.gateway.usage;

import org.jspecify.annotations.NullMarked;
