/// Token verification for ingest and the gateway: key sources, the algorithms each key accepts, and
/// the checks of signature and claims. Each service decides what a valid token permits.
///
/// Nothing here logs or echoes a token.
@NullMarked
package io.verbatim.security.token;

import org.jspecify.annotations.NullMarked;
