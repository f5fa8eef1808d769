/// Live calls: one object each, which owns the end of that call's log.
///
/// Audio comes in at one side and goes to the log at the other, in order, one write at a time; what
/// comes while a write is under way goes together with the next. Nothing here knows a socket or a
/// dialect: those are told through a [CallListener][io.verbatim.ingest.call.CallListener].
@NullMarked
package io.verbatim.ingest.call;

import org.jspecify.annotations.NullMarked;
