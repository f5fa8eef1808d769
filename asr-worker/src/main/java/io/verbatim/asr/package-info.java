/// The worker: audio of calls in, a recogniser, transcripts out.
///
/// [AsrWorkerConfiguration][io.verbatim.asr.AsrWorkerConfiguration] puts it together. A call comes
/// by the bus to `asr.call`, is heard through `asr.recognizer` (which `asr.deepgram` is), and
/// becomes a transcript in `asr.transcript`.
@NullMarked
package io.verbatim.asr;

import org.jspecify.annotations.NullMarked;
