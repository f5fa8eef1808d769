package io.verbatim.ingest.auth;

import java.util.Optional;

/// Who has been let in, and in which dialect it speaks.
public sealed interface Caller {

  /// A caller with a JWT: speaks pcm.
  ///
  /// @param interactionId the only call it may start, where its token says one
  /// @param tenantId the only tenant it may start calls of, where its token says one
  record TokenHolder(Optional<String> interactionId, Optional<String> tenantId) implements Caller {}

  /// Exotel, by a proof in the handshake.
  record Exotel(Proof proof) implements Caller {}

  /// Exotel perhaps: nothing was shown, and its `start` must carry the token.
  record UnprovenExotel(Secret startToken) implements Caller {}

  /// How a handshake proved to be Exotel's.
  enum Proof {
    BASIC,
    PATH,
    ADDRESS,
    START_TOKEN,
    /// The door is open.
    NOTHING
  }
}
