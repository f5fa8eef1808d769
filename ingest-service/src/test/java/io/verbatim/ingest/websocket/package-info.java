@NullMarked
package io.verbatim.ingest.websocket;

import org.jspecify.annotations.NullMarked;
