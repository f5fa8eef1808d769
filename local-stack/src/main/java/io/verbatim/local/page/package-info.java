/// What this machine's page has beyond the gateway's own: it signs its reader in by itself, and
/// plays the sample call again. Never part of a deployment.
@NullMarked
package io.verbatim.local.page;

import org.jspecify.annotations.NullMarked;
