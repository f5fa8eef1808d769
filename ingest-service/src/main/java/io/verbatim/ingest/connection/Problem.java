package io.verbatim.ingest.connection;

/// A caller's error, or the reason its connection is closed.
///
/// @param code the stable code, for programs and counters
/// @param message one or two sentences for the caller's developer; quotes at most a short part of
///   the input, and never a secret
public record Problem(String code, String message) {}
