package io.verbatim.ingest.exotel;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Decodes a payload's base64 with the JDK's decoders.
final class ExotelPayload {
  private ExotelPayload() {}

  /// Decodes the standard alphabet, padded or not, or else the URL-safe one. Null if the payload is
  /// neither.
  static byte @Nullable [] decode(String payload) {
    byte[] standard = decode(Base64.getDecoder(), payload);
    return standard != null ? standard : decode(Base64.getUrlDecoder(), payload);
  }

  private static byte @Nullable [] decode(Base64.Decoder decoder, String payload) {
    try {
      return decoder.decode(payload);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
