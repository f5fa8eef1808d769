/// Errors as `application/problem+json` (RFC 9457), each with a sentence for people.
@NullMarked
package io.verbatim.gateway.problem;

import org.jspecify.annotations.NullMarked;
