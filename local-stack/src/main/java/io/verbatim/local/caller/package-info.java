/// Callers that play a recording over a WebSocket in real time, by the Exotel or the pcm dialect.
///
/// Exotel on the wire: `connected`, `start`, one `media` per 20 ms, `stop`; then the connection
/// drops without a close frame. The pcm dialect: `start`, answered by `started`; binary frames of
/// 20 ms, acknowledged by `ack` at intervals; `stop`, answered by `stopped` and close 1000.
@NullMarked
package io.verbatim.local.caller;

import org.jspecify.annotations.NullMarked;
