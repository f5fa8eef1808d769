package io.verbatim.pubsub.message;

/// The state of a call's audio in the log.
///
/// @param tail the position after the last byte
/// @param covered the position below which every byte is transcribed or in a gap
/// @param seq the number of the last stored frame; 0 if frames are not numbered
public record AudioTail(long tail, long covered, long seq) {}
