/// Deepgram's live protocol, `/v1/listen`. No other package depends on it.
///
/// On the wire: an HTTP upgrade with `Authorization: Token …` and the audio format in the query;
/// then binary frames of audio from us and JSON texts from the server (`Results`, `SpeechStarted`,
/// `UtteranceEnd`); `KeepAlive` as text while no audio flows; at the end `Finalize`, `CloseStream`,
/// the last `Results`, `Metadata`, and a close. An empty binary frame would end the stream, so none
/// is sent. A connection lost without a close frame counts as 1006.
@NullMarked
package io.verbatim.asr.deepgram;

import org.jspecify.annotations.NullMarked;
