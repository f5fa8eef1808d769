package io.verbatim.ingest.exotel;

import org.jspecify.annotations.Nullable;

/// What the handshake's query said, for the clients whose query reaches us; Exotel's does not.
///
/// @param sampleRate `?sample-rate=`, as written
/// @param language `?lang=`, as written
public record ExotelHints(@Nullable String sampleRate, @Nullable String language) {
  public static final ExotelHints NONE = new ExotelHints(null, null);
}
