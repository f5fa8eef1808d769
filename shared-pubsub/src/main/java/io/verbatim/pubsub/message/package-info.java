/// What travels on the bus, as values: calls, audio, transcript entries and the outcomes of writing
/// them.
///
/// Positions are bytes of a call's audio as received, from 0 at its first sample, dropped audio
/// included. Nothing here knows Redis, Spring, a clock or a thread.
@NullMarked
package io.verbatim.pubsub.message;

import org.jspecify.annotations.NullMarked;
