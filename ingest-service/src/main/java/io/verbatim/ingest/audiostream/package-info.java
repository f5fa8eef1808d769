/// The dialect of `/audio-stream`: one call for each connection, PCM 16 kHz as base64 in events,
/// and the words of the call as events in return.
///
/// On the wire: `connected` when the call is open; then `audio_chunk` events of the caller, and
/// `transcription`, `gap`, `status` and `ended` events of the service; `stop` ends the call, and
/// `stopped` follows the last words. An `error` event precedes each close with an error. How an
/// event is written is the caller's transport:
/// [JsonDialect][io.verbatim.ingest.audiostream.JsonDialect] is a plain WebSocket, the package
/// `socketio` is Socket.IO.
@NullMarked
package io.verbatim.ingest.audiostream;

import org.jspecify.annotations.NullMarked;
