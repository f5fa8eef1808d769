package io.verbatim.pubsub.message;

/// The log's reply to a writer's heartbeat.
///
/// @param owned whether a worker owns the call and has sent a heartbeat recently
/// @param covered the position below which every byte is transcribed or in a gap
/// @param tail the position after the last byte of audio
/// @param atEnd whether the end of the audio is in the log
public record CallProgress(boolean owned, long covered, long tail, boolean atEnd) {}
