/// One call while this worker owns it. Confined to the event loop.
///
/// [OwnedCall][io.verbatim.asr.call.OwnedCall] connects the parts, and data flows one way through
/// them: audio from `asr.feed` through the `AudioSender` to `asr.session`, results from there to
/// `asr.transcript`.
@NullMarked
package io.verbatim.asr.call;

import org.jspecify.annotations.NullMarked;
