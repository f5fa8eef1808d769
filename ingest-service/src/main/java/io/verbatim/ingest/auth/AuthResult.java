package io.verbatim.ingest.auth;

/// Whether a caller is let in.
public sealed interface AuthResult {

  record Accepted(Caller caller) implements AuthResult {}

  /// It is not.
  ///
  /// @param status the HTTP status: 401 or 403, and what else a request may be refused with before
  ///   its proof is looked at
  /// @param code the cause, stable, for programs and counters
  /// @param detail the cause in words; never holds what was shown
  record Rejected(int status, String code, String detail) implements AuthResult {

    static Rejected unauthorized(String code, String detail) {
      return new Rejected(401, code, detail);
    }
  }
}
