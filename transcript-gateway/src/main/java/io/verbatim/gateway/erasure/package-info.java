/// The erasure of calls on request.
@NullMarked
package io.verbatim.gateway.erasure;

import org.jspecify.annotations.NullMarked;
