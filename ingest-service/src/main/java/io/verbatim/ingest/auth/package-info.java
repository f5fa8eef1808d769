/// Who may stream audio: decided from what a caller shows in its handshake, before the upgrade.
///
/// Nothing here repeats what a caller showed.
@NullMarked
package io.verbatim.ingest.auth;

import org.jspecify.annotations.NullMarked;
