/// The worker: audio of calls in, a recogniser, transcripts out.
///
/// [AsrWorkerConfiguration][io.verbatim.asr.AsrWorkerConfiguration] puts it together. Data flows
/// one way: `asr.assignment` claims a call and gives it to an owner in `asr.call`; its audio is
/// read by `asr.feed`, sent through `asr.session` to the recogniser (`asr.recognizer`, implemented
/// by `asr.deepgram`), and the results become a transcript in `asr.transcript`. All of it runs on
/// the service's one event loop.
@NullMarked
package io.verbatim.asr;

import org.jspecify.annotations.NullMarked;
