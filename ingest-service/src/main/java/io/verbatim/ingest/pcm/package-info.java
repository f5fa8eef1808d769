/// The dialect of callers with a JWT: control as JSON text, audio as binary frames.
///
/// On the wire: `start` → `started` with `next_seq`; then binary frames, numbered from 1 by both
/// sides, and an `ack` for each further `ACK_INTERVAL` stored frames; `stop` → `stopped`, and close
/// 1000. A caller that lost its connection starts again with `resume_from`. With `transcripts` in
/// `start`, the words of the call come back on the same connection, and `stopped` follows the last
/// ones. An `error` message precedes each close with an error.
/// [PcmDecoder][io.verbatim.ingest.pcm.PcmDecoder] and
/// [PcmStream][io.verbatim.ingest.pcm.PcmStream] have no clock, thread or socket;
/// [PcmDialect][io.verbatim.ingest.pcm.PcmDialect] executes their decisions.
@NullMarked
package io.verbatim.ingest.pcm;

import org.jspecify.annotations.NullMarked;
