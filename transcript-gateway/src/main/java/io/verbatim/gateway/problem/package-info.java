/// Refusals as `application/problem+json` (RFC 9457): every one says in a sentence what is wrong.
@NullMarked
package io.verbatim.gateway.problem;

import org.jspecify.annotations.NullMarked;
