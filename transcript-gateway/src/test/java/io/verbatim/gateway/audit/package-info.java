/// Tests of the package.
@NullMarked
package io.verbatim.gateway.audit;

import org.jspecify.annotations.NullMarked;
