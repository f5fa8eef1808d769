/// The calls assigned to this worker: claimed, lost, released, handed over at shutdown, or moved to
/// the dead letters. `asr.call` processes a call while it is owned. Confined to the event loop.
@NullMarked
package io.verbatim.asr.assignment;

import org.jspecify.annotations.NullMarked;
