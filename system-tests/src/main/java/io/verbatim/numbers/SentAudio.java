package io.verbatim.numbers;

/// The result of a call, as its caller knows it.
///
/// @param frames the number of sent frames
/// @param stored the number of acknowledged frames; 0 if the dialect has no acknowledgements
/// @param cut whether the call ended before the caller had sent everything
public record SentAudio(int frames, int stored, boolean cut) {}
