/// The bus inside one process: the whole contract of the ports without a wire, and the easiest
/// place to learn it.
///
/// A [Call][io.verbatim.pubsub.memory.Call] is the state of one call and decides every outcome,
/// with its [StoredAudio][io.verbatim.pubsub.memory.StoredAudio] and its
/// [Transcript][io.verbatim.pubsub.memory.Transcript]; the
/// [Dispatcher][io.verbatim.pubsub.memory.Dispatcher] gives calls to workers. All of it lives on
/// one [BusThread][io.verbatim.pubsub.memory.BusThread], so nothing here takes a lock and each
/// request is one atomic step. The ports only pass requests on to that thread.
@NullMarked
package io.verbatim.pubsub.memory;

import org.jspecify.annotations.NullMarked;
