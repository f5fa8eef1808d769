/// The public Socket.IO client, as a process. Its script and its lock file are resources.
@NullMarked
package io.verbatim.testkit.socketio;

import org.jspecify.annotations.NullMarked;
