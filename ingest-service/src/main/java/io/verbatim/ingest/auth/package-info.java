/// Authentication of callers from their handshake, before the upgrade.
///
/// Nothing here echoes or logs credentials.
@NullMarked
package io.verbatim.ingest.auth;

import org.jspecify.annotations.NullMarked;
