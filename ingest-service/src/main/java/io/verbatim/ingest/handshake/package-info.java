/// What happens before a socket is up: whether there is room, who calls, and in which dialect the
/// socket will speak. A refusal is an HTTP status with a cause.
@NullMarked
package io.verbatim.ingest.handshake;

import org.jspecify.annotations.NullMarked;
