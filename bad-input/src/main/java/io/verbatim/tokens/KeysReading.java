package io.verbatim.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.verbatim.fuzz.Claim;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;

/// Tokens, and the keys they are checked with, published or set.
public final class KeysReading {
  /// A public key whose private half nobody has: no token it is checked with can be good.
  private static final String PEM =
      """
      -----BEGIN PUBLIC KEY-----
      MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvRI4eE+5n3XTVqxwT8oDIhzVIhNX3Bhg
      5Axb32II6W19JXRb8m92DCWQAToqnNWoD+p2iDyQaojnmEm6E/6VXZvmBw7pywhKXed0OMD2hbU5
      0/Rs+rKui7fJ8IN+8GnlRpnc0TBDYXRGr8aPbdbjG9yLiPzVpzJu4xU2VU39c9+sweWyEX7K4kUy
      aRf2RRdQGtnL7tkx5FvEViGWedPi/FOuFgMq2Jq8eqJaC/JqbFsuDTU1YDDT90FxhFI9fBMwII7Z
      6rbc1h+RaU/18C+risJLPivHgnmVamjo1+4hZL6ptjps9feOlEbg8ro54ewnC+v82j/Wb7MBNe1V
      6kk4MwIDAQAB
      -----END PUBLIC KEY-----
      """;

  private KeysReading() {}

  /// Checks tokens that nobody can have signed.
  public static TokenVerifier verifier() {
    return new TokenVerifier(
        new TokenSettings(PEM, "", "", "", "", ""),
        KeySource.fixed(List.of(PemPublicKey.parse(PEM))),
        InstantSource.system());
  }

  /// Reads a token; none is taken.
  public static void token(byte[] input) {
    TokenVerifier.Verdict verdict =
        verifier().verify(new String(input, UTF_8)).toCompletableFuture().join();
    Claim.that(verdict instanceof TokenVerifier.Verdict.Invalid, "let in by a token nobody signed");
  }

  /// Reads a set of keys as the key source does: a set that cannot be read is refused with the one
  /// kind of failure the source knows, a key that cannot be used is left out.
  public static void published(byte[] input) {
    List<JWK> keys;
    try {
      keys = JWKSet.parse(new String(input, UTF_8)).getKeys();
    } catch (ParseException | RuntimeException refused) {
      return; // the server's failure, to the key source
    }
    keys.forEach(TokenKey::of);
  }

  /// Reads a setting's key.
  public static void pem(byte[] input) {
    try {
      PemPublicKey.parse(new String(input, UTF_8));
    } catch (IllegalArgumentException refused) {
      Claim.that(refused.getMessage() != null, "a refusal without a word");
    }
  }
}
