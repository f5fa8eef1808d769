package io.verbatim.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;

/// What a key server publishes.
public final class KeysReading {
  private KeysReading() {}

  /// Reads a set of keys as the key source does: a set that cannot be read is refused with the one
  /// exception the source waits for, a key that cannot be used is left out.
  public static void published(byte[] input) {
    try {
      for (JWK key : JWKSet.parse(new String(input, UTF_8)).getKeys()) {
        TokenKey.of(key);
      }
    } catch (ParseException refused) {
      // What the key source turns into "no keys".
    }
  }
}
