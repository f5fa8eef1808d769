/// Exotel's audio streaming: JSON text frames with audio as base64.
///
/// On the wire: `connected`, `start`, then `media` every 20 ms, occasionally `dtmf`, `mark` or
/// `clear`, and `stop`; then the connection closes, often without a close frame. Only `start` and
/// `media` are required. [ExotelDecoder][io.verbatim.ingest.exotel.ExotelDecoder] decodes text to a
/// message and [ExotelStream][io.verbatim.ingest.exotel.ExotelStream] maps messages to actions,
/// both without clock, thread or socket; [ExotelDialect][io.verbatim.ingest.exotel.ExotelDialect]
/// executes the actions. Audio is passed on as received: not inspected, transcoded or resampled.
@NullMarked
package io.verbatim.ingest.exotel;

import org.jspecify.annotations.NullMarked;
