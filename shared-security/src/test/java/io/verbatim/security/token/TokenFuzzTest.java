package io.verbatim.security.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.verbatim.testkit.fuzz.Assertion;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.List;

/// Tokens, and the keys that verify them, published or set.
public class TokenFuzzTest {
  /// A public key without a known private key, so that no token can be valid.
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

  /// A verifier for which no input can be a signed token.
  public static TokenVerifier verifier() {
    return new TokenVerifier(
        new TokenSettings(PEM, "", "", "", "", ""),
        KeySource.fixed(PemPublicKey.parse(PEM)),
        InstantSource.system());
  }

  /// Reads a token; none is valid.
  @FuzzTest
  public void token(byte[] input) {
    TokenVerifier.Verdict verdict =
        verifier().verify(new String(input, UTF_8)).toCompletableFuture().join();
    Assertion.check(
        verdict instanceof TokenVerifier.Verdict.Invalid, "accepted by an unsigned token");
  }

  /// Reads a set of keys like the key source: an unreadable set is refused with an exception that
  /// the source handles; an unusable key is skipped.
  @FuzzTest
  public void published(byte[] input) {
    List<JWK> keys;
    try {
      keys = JWKSet.parse(new String(input, UTF_8)).getKeys();
    } catch (ParseException | RuntimeException refused) {
      return; // the key source treats this as a failure of the server
    }
    keys.forEach(TokenKey::of);
  }

  /// Reads the key of a setting.
  @FuzzTest
  public void pem(byte[] input) {
    try {
      PemPublicKey.parse(new String(input, UTF_8));
    } catch (IllegalArgumentException refused) {
      Assertion.check(refused.getMessage() != null, "a refusal without a message");
    }
  }
}
