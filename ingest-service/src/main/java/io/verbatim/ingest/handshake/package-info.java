/// Handling of a request before its upgrade: limits, authentication, and selection of the dialect.
/// A rejection is an HTTP status with a reason.
@NullMarked
package io.verbatim.ingest.handshake;

import org.jspecify.annotations.NullMarked;
