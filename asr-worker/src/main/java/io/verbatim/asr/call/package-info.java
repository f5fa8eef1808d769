/// The calls this worker owns, from the moment each is given to it until its transcript has ended
/// or another worker has it.
///
/// All of it happens on the one thread of the [CallLoop][io.verbatim.asr.call.CallLoop]: whatever
/// the bus or the recogniser tells hops there first, nothing there ever waits, and so no state here
/// needs a lock. Each call is one [OwnedCall][io.verbatim.asr.call.OwnedCall]: its `CallAudio` goes
/// from the `AudioFeed` to the `RecognizerLine`, its `CallTranscript` from there to the
/// `TranscriptWriter`.
@NullMarked
package io.verbatim.asr.call;

import org.jspecify.annotations.NullMarked;
