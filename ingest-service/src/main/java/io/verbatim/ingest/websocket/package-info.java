/// One WebSocket: frames in, in order, one at a time; texts, pings and one close code out.
///
/// Knows opcodes and silence, and nothing of what a frame means: that is a
/// [Dialect][io.verbatim.ingest.websocket.Dialect]'s affair.
@NullMarked
package io.verbatim.ingest.websocket;

import org.jspecify.annotations.NullMarked;
