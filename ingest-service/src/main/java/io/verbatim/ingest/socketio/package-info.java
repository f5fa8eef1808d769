/// Audio streams of Socket.IO 4 clients: the namespace `/audio-stream` at the path `/socket.io/`.
///
/// Two protocols lie on each other. Engine.IO 4 carries messages over a WebSocket or over polling
/// requests, and moves a session from polling to a WebSocket; a message is a text that starts with
/// the type `4`. [EngineSession][io.verbatim.ingest.socketio.EngineSession] is one such connection,
/// and the channel of its call. Socket.IO 5 is inside the messages: namespaces, events and
/// acknowledgements; [SocketIoDialect][io.verbatim.ingest.socketio.SocketIoDialect] reads them.
///
/// On the wire: `0{"sid":…}` opens the session; `40/audio-stream,{"token":…}` connects and is
/// answered with the same type, or with `44` and a reason; `42/audio-stream,["audio_chunk","…"]` is
/// an event; `2` and `3` are ping and pong, `41` and `1` leave the namespace and the session.
@NullMarked
package io.verbatim.ingest.socketio;

import org.jspecify.annotations.NullMarked;
