/// What ingest and the gateway know of a client before authentication: its address, and the rate
/// limit of that address.
@NullMarked
package io.verbatim.security.client;

import org.jspecify.annotations.NullMarked;
