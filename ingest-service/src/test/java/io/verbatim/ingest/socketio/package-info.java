@NullMarked
package io.verbatim.ingest.socketio;

import org.jspecify.annotations.NullMarked;
