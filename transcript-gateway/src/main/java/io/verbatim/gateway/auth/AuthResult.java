package io.verbatim.gateway.auth;

/// What came of a shown token; whoever asked decides what to do about a refusal.
public sealed interface AuthResult {

  /// The token holds.
  record Accepted(Viewer viewer) implements AuthResult {}

  /// The token does not hold or does not suffice.
  ///
  /// @param status 401 where a better token is needed, 403 where this good one does not suffice,
  ///   429 where there were too many such, 503 where nobody can tell now
  /// @param code the cause, stable, for programs and counters
  /// @param detail one sentence for the caller, never with any part of the token in it
  record Rejected(int status, String code, String detail) implements AuthResult {}

  static Rejected missingScope(String scope) {
    return new Rejected(403, "missing_scope", "The token lacks the scope " + scope + ".");
  }
}
