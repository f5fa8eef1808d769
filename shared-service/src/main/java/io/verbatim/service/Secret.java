package io.verbatim.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A configured secret: compared in constant time, printed as `***`. An empty secret is unset.
public record Secret(String value) {
  /// Called by Spring to convert a setting's text.
  public static Secret valueOf(String value) {
    return new Secret(value);
  }

  public boolean isSet() {
    return !value.isEmpty();
  }

  /// Whether the secret is set and equals the given text. Compares digests in constant time, so
  /// that the time reveals neither content nor length.
  public boolean matches(String given) {
    return MessageDigest.isEqual(digest(value), digest(given)) && isSet();
  }

  /// The first 12 digits of its SHA-256 digest, which show whether two services have the same
  /// value. Only for values that cannot be guessed.
  String fingerprint() {
    return HexFormat.of().formatHex(digest(value), 0, 6);
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
