/// The bus inside one process. It keeps the whole contract of the ports without a network and is
/// the easiest place to learn it.
///
/// A [Call][io.verbatim.pubsub.memory.Call] holds the state of one call, with its
/// [StoredAudio][io.verbatim.pubsub.memory.StoredAudio] and its
/// [Transcript][io.verbatim.pubsub.memory.Transcript], and decides the result of every request. The
/// [Dispatcher][io.verbatim.pubsub.memory.Dispatcher] assigns calls to workers. All state is
/// confined to one [BusThread][io.verbatim.pubsub.memory.BusThread], so nothing here takes a lock
/// and each request is one atomic step. The ports only pass requests to that thread.
@NullMarked
package io.verbatim.pubsub.memory;

import org.jspecify.annotations.NullMarked;
