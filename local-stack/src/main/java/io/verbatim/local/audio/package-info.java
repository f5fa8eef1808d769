/// Audio as files and as samples: what a WAV holds, and what G.711 bytes sound like. Values in,
/// values out; no sockets.
@NullMarked
package io.verbatim.local.audio;

import org.jspecify.annotations.NullMarked;
