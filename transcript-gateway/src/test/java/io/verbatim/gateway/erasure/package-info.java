/// Tests of the package.
@NullMarked
package io.verbatim.gateway.erasure;

import org.jspecify.annotations.NullMarked;
