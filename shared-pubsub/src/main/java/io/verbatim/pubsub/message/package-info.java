/// The messages of the bus, as values: calls, audio, transcript entries and the results of writes.
///
/// Positions are bytes of a call's audio as received, from 0 at its first sample, dropped audio
/// included. This package depends on no Redis, Spring, clock or thread.
@NullMarked
package io.verbatim.pubsub.message;

import org.jspecify.annotations.NullMarked;
