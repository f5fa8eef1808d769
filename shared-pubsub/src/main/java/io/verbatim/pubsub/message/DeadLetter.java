package io.verbatim.pubsub.message;

/// An entry nobody could read.
///
/// @param id its id among the dead letters
/// @param source the stream it came from
/// @param entry its id there
public record DeadLetter(String id, String source, String entry, String reason) {}
