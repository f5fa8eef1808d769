package io.verbatim.tokens;

/// Why a token is not taken: by a name for programs, and in a sentence for people that repeats
/// nothing of the token.
public enum TokenFault {
  TOKEN_TOO_LONG("The token is longer than " + TokenVerifier.LONGEST_TOKEN + " characters."),
  MALFORMED_TOKEN("The token is not a signed JWT with claims that can be read."),
  UNSIGNED_TOKEN("The token is not a signed JWT: it carries no signature."),
  BAD_ALGORITHM("The token's algorithm is none that is accepted for its key."),
  UNKNOWN_KEY("The token's key is none of the issuer's."),
  BAD_SIGNATURE("The token's signature does not hold."),
  NO_EXPIRY("The token has no expiry (exp)."),
  TOKEN_EXPIRED("The token has expired (exp)."),
  TOKEN_NOT_YET_VALID("The token is not valid yet (nbf)."),
  BAD_ISSUER("The token's issuer (iss) is not the expected one."),
  BAD_AUDIENCE("The token's audience (aud) does not include this service.");

  private final String sentence;

  TokenFault(String sentence) {
    this.sentence = sentence;
  }

  /// Stable, in lower case, for programs and counters.
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public String sentence() {
    return sentence;
  }
}
