/// Reads WAV files and decodes their samples. Values in, values out; no sockets.
@NullMarked
package io.verbatim.local.audio;

import org.jspecify.annotations.NullMarked;
