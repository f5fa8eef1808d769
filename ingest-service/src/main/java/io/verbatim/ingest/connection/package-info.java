/// One WebSocket connection: frames in, in order, one at a time; texts, pings and one close code
/// out.
///
/// [FrameHandler][io.verbatim.ingest.connection.FrameHandler] knows opcodes,
/// [CallConnection][io.verbatim.ingest.connection.CallConnection] knows liveness, limits and the
/// call that is fed; what a message means is a [Dialect][io.verbatim.ingest.connection.Dialect]'s
/// part. Everything is confined to the event loop.
@NullMarked
package io.verbatim.ingest.connection;

import org.jspecify.annotations.NullMarked;
