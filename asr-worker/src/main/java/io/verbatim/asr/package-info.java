/// The worker: audio of calls in, a recogniser, transcripts out.
///
/// [AsrWorkerConfiguration][io.verbatim.asr.AsrWorkerConfiguration] wires the parts. Data flows one
/// way: `asr.assignment` claims a call and gives it to an owner in `asr.call`; `asr.feed` reads its
/// audio; `asr.session` sends it to the recogniser (`asr.recognizer`, implemented by
/// `asr.deepgram`); `asr.transcript` writes the results. All of it runs on the service's one event
/// loop.
@NullMarked
package io.verbatim.asr;

import org.jspecify.annotations.NullMarked;
