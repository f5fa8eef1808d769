package io.verbatim.pubsub.message;

/// An entry that no reader could decode.
///
/// @param id its id among the dead letters
/// @param source the stream that contains the entry
/// @param entry the entry's id in that stream
public record DeadLetter(String id, String source, String entry, String reason) {}
