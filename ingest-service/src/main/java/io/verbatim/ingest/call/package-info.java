/// Live calls: one [CallSession][io.verbatim.ingest.call.CallSession] each, which owns the end of
/// that call's log.
///
/// Audio comes in at one side and goes to the log at the other, in order, one write at a time; what
/// arrives during a write goes together with the next. Everything is confined to the event loop. No
/// class here knows a socket or a dialect; those implement
/// [CallListener][io.verbatim.ingest.call.CallListener].
@NullMarked
package io.verbatim.ingest.call;

import org.jspecify.annotations.NullMarked;
