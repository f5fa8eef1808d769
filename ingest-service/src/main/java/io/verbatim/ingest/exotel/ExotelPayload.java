package io.verbatim.ingest.exotel;

import java.util.Base64;
import java.util.Optional;

/// Reads a payload's base64.
final class ExotelPayload {
  private ExotelPayload() {}

  /// The payload's bytes: in the standard alphabet, padded or not, else in the URL-safe one.
  static Optional<byte[]> decode(String payload) {
    try {
      return Optional.of(Base64.getDecoder().decode(payload));
    } catch (IllegalArgumentException e) {
      return urlSafe(payload);
    }
  }

  private static Optional<byte[]> urlSafe(String payload) {
    try {
      return Optional.of(Base64.getUrlDecoder().decode(payload));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
