/// Live calls: one [CallSession][io.verbatim.ingest.call.CallSession] each, which writes that
/// call's log.
///
/// Audio is written to the log in order, one write at a time. Audio that arrives during a write is
/// written together with the next. Everything is confined to the event loop. No class here depends
/// on a socket or a dialect; they implement [CallListener][io.verbatim.ingest.call.CallListener].
@NullMarked
package io.verbatim.ingest.call;

import org.jspecify.annotations.NullMarked;
