/// Tests of the package.
@NullMarked
package io.verbatim.gateway.keys;

import org.jspecify.annotations.NullMarked;
