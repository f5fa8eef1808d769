/// What the public HTTP services do with every request before its handler: the client's address,
/// limits of rate and size, and rejections as `application/problem+json` (RFC 9457).
///
/// The texts, the counters and the headers of a rejection are those of the service.
@NullMarked
package io.verbatim.security.http;

import org.jspecify.annotations.NullMarked;
