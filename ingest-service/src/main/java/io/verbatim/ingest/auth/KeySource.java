package io.verbatim.ingest.auth;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Where the keys come from that tokens are checked with.
@FunctionalInterface
public interface KeySource {

  /// The keys a token may be signed with. Never blocks; fails where the keys cannot be had now.
  ///
  /// @param keyId the token's `kid`, where it names one
  CompletionStage<List<PublicKey>> candidates(Optional<String> keyId);
}
