package io.verbatim.ingest.auth;

import io.verbatim.service.Secret;
import java.util.Optional;

/// An admitted caller and its dialect.
public sealed interface Caller {

  /// A caller with a JWT or an API key.
  ///
  /// @param keyId the id of the API key; empty for a token
  /// @param userId whom the token was issued for; empty if it does not say
  /// @param interactionId the only call it may start; empty if the token does not restrict it
  /// @param tenantId the only tenant whose calls it may start; empty if the token does not restrict
  ///   it
  record TokenHolder(
      Optional<String> keyId,
      Optional<String> userId,
      Optional<String> interactionId,
      Optional<String> tenantId)
      implements Caller {}

  /// Exotel, authenticated by the handshake.
  record Exotel(Proof proof) implements Caller {}

  /// A caller without credentials in the handshake: its `start` must contain the token.
  record UnprovenExotel(Secret startToken) implements Caller {}

  /// How a handshake authenticated as Exotel.
  enum Proof {
    BASIC,
    PATH,
    ADDRESS,
    START_TOKEN,
    /// `EXOTEL_AUTH=none`.
    NOTHING
  }
}
