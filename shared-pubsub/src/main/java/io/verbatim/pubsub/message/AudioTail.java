package io.verbatim.pubsub.message;

/// Where a call's audio stands in the log.
///
/// @param tail the position behind the last byte
/// @param covered the position below which every byte is transcribed or lies in a gap
/// @param seq the number of the last frame that is stored, 0 where frames are not numbered
public record AudioTail(long tail, long covered, long seq) {}
