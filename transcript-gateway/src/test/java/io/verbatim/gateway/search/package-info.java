/// Tests of the package.
@NullMarked
package io.verbatim.gateway.search;

import org.jspecify.annotations.NullMarked;
