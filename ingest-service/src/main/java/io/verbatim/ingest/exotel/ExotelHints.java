package io.verbatim.ingest.exotel;

import org.jspecify.annotations.Nullable;

/// Values from the handshake's query. Exotel sends no query; other clients of this dialect may.
///
/// @param sampleRate `?sample-rate=`, not parsed
/// @param language `?lang=`, not parsed
public record ExotelHints(@Nullable String sampleRate, @Nullable String language) {
  public static final ExotelHints NONE = new ExotelHints(null, null);
}
