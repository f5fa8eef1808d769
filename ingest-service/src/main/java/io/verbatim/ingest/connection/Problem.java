package io.verbatim.ingest.connection;

/// What a caller did wrong, or why its connection is closed.
///
/// @param code stable, for programs and counters
/// @param message one or two sentences for the caller's developer; quotes at most a short part of
///   what was sent, and never a secret
public record Problem(String code, String message) {}
