package io.verbatim.local.numbers;

/// What came of a call, as its caller knows it.
///
/// @param frames how many left the caller
/// @param stored how many of them the service has said it stored; 0 where the dialect does not say
/// @param cut whether the call was over before the caller had said everything
public record Spoken(int frames, int stored, boolean cut) {}
