package io.verbatim.security.token;

/// Why a token is rejected: a code for programs, and a sentence for people. The sentence repeats
/// nothing of the token.
public enum TokenFault {
  TOKEN_TOO_LONG("The token is longer than " + TokenVerifier.MAX_TOKEN_CHARS + " characters."),
  MALFORMED_TOKEN("The token is not a signed JWT with readable claims."),
  UNSIGNED_TOKEN("The token is not a signed JWT: it has no signature."),
  BAD_ALGORITHM(
      "The token's algorithm (alg) is not accepted for its key. Use RS256 to RS512 or PS256 to"
          + " PS512 with RSA, ES256 or ES384 with EC, EdDSA with Ed25519."),
  UNKNOWN_KEY("The token's key (kid) is not among the issuer's keys."),
  BAD_SIGNATURE("The token's signature is invalid."),
  NO_EXPIRY("The token has no expiry (exp)."),
  TOKEN_EXPIRED("The token has expired (exp)."),
  TOKEN_NOT_YET_VALID("The token is not valid yet (nbf)."),
  BAD_ISSUER("The token's issuer (iss) is not the configured issuer."),
  BAD_AUDIENCE("The token's audience (aud) does not include this service.");

  private final String sentence;

  TokenFault(String sentence) {
    this.sentence = sentence;
  }

  /// The stable code for programs and counters, in lower case.
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
