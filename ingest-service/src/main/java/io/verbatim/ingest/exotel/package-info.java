/// Exotel's audio streaming: JSON text frames, audio as base64 inside them.
///
/// On the wire: `connected`, `start`, then `media` every 20 ms, now and then `dtmf`, `mark` or
/// `clear`, and `stop`; the line then drops, often without a close frame. Only `start` and `media`
/// are needed. [ExotelDecoder][io.verbatim.ingest.exotel.ExotelDecoder] turns text into a message
/// and [ExotelStream][io.verbatim.ingest.exotel.ExotelStream] messages into decisions, both without
/// clock, thread or socket; [ExotelDialect][io.verbatim.ingest.exotel.ExotelDialect] carries the
/// decisions out. Audio is passed on as it came: nothing is sniffed, decoded or resampled.
@NullMarked
package io.verbatim.ingest.exotel;

import org.jspecify.annotations.NullMarked;
