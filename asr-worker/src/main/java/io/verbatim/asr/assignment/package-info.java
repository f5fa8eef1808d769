/// The calls assigned to this worker: claimed, lost, released, handed over at shutdown, or moved to
/// the dead letters. What is done with a call while it is owned is `asr.call`'s matter. Confined to
/// the event loop.
@NullMarked
package io.verbatim.asr.assignment;

import org.jspecify.annotations.NullMarked;
