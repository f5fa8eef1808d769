/// The dialect of callers who show a JWT: control as JSON text, audio as binary frames.
///
/// On the wire: `start` → `started` with `next_seq`; then binary frames, numbered from 1 by both
/// sides, and an `ack` whenever `ACK_INTERVAL` more are stored; `stop` → `stopped`, and close 1000.
/// A caller that lost its connection starts again with `resume_from`. What is wrong is said in an
/// `error` before each close. [PcmDecoder][io.verbatim.ingest.pcm.PcmDecoder] and
/// [PcmStream][io.verbatim.ingest.pcm.PcmStream] know no clock, thread or socket;
/// [PcmDialect][io.verbatim.ingest.pcm.PcmDialect] carries their decisions out.
@NullMarked
package io.verbatim.ingest.pcm;

import org.jspecify.annotations.NullMarked;
