/// The calls this worker owns, from the moment each is given to it until its transcript has ended
/// or another worker has it.
///
/// All of it happens on the one thread of the [CallLoop][io.verbatim.asr.call.CallLoop]: whatever
/// the bus or the recogniser tells hops there first, nothing there ever waits, and so no state here
/// needs a lock. Each call is one [OwnedCall][io.verbatim.asr.call.OwnedCall]: audio comes by an
/// `AudioFeed`, goes through a `RecognizerLine`, and words leave by a `TranscriptWriter`.
@NullMarked
package io.verbatim.asr.call;

import org.jspecify.annotations.NullMarked;
