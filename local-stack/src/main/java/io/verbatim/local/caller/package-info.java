/// Callers that play a recording over a real WebSocket, in real time: as Exotel does, and by the
/// pcm dialect.
///
/// Exotel on the wire: `connected`, `start`, one `media` of 20 ms after the other, `stop`, and the
/// line drops without a close frame. The pcm dialect: `start`, answered by `started`; binary frames
/// of 20 ms, answered by `ack` now and then; `stop`, answered by `stopped` and close 1000.
@NullMarked
package io.verbatim.local.caller;

import org.jspecify.annotations.NullMarked;
