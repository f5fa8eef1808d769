/// One WebSocket connection: receives frames in order, one at a time; sends texts, pings and one
/// close frame.
///
/// [FrameHandler][io.verbatim.ingest.connection.FrameHandler] handles opcodes,
/// [CallConnection][io.verbatim.ingest.connection.CallConnection] handles liveness, limits and the
/// call, and a [Dialect][io.verbatim.ingest.connection.Dialect] interprets the messages. Everything
/// is confined to the event loop.
@NullMarked
package io.verbatim.ingest.connection;

import org.jspecify.annotations.NullMarked;
