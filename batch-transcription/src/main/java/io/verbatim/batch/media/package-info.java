/// Recordings: which format a file has, how long it is, and where it can be cut.
///
/// WAV is read by our own code. Every other format needs `ffmpeg` and `ffprobe`, which run as
/// processes that are bounded in time, memory and output. The name and the media type that a client
/// gives a file are ignored: only its bytes decide.
@NullMarked
package io.verbatim.batch.media;

import org.jspecify.annotations.NullMarked;
