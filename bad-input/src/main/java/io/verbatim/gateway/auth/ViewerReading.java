package io.verbatim.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.fuzz.Claim;
import io.verbatim.fuzz.KnownKey;
import io.verbatim.tokens.KeySource;
import java.time.InstantSource;
import java.util.List;

/// What viewers show: a token; and the key it is checked with, as operators set it.
public final class ViewerReading {
  private static final TokenVerifier VERIFIER =
      new TokenVerifier(
          KeySource.fixed(List.of(PublicKeys.fromPem(KnownKey.PEM))),
          null,
          null,
          InstantSource.system());

  private ViewerReading() {}

  /// Reads a token; none is taken that the key's owner did not sign.
  public static void token(byte[] input) {
    AuthResult result = VERIFIER.verify(new String(input, UTF_8)).toCompletableFuture().join();
    Claim.that(result instanceof AuthResult.Rejected, "let in by a token nobody signed");
  }

  /// Reads a setting's key.
  public static void pem(byte[] input) {
    try {
      PublicKeys.fromPem(new String(input, UTF_8));
    } catch (IllegalArgumentException refused) {
      Claim.that(refused.getMessage() != null, "a refusal without a word");
    }
  }
}
