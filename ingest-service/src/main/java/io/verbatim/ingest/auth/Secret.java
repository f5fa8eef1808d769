package io.verbatim.ingest.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A configured secret: compared in constant time, printed as `***`. An empty one is an unset one.
public record Secret(String value) {
  /// How the configuration turns a setting's text into a secret.
  public static Secret valueOf(String value) {
    return new Secret(value);
  }

  public boolean isSet() {
    return !value.isEmpty();
  }

  /// Whether the secret is set and equals what was shown. Takes the same time however much of it is
  /// right; only digests are compared, so that the length stays secret too.
  public boolean matches(String shown) {
    return MessageDigest.isEqual(digest(value), digest(shown)) && isSet();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return isSet() ? "***" : "";
  }
}
