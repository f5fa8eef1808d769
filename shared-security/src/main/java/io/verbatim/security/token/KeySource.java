package io.verbatim.security.token;

import com.nimbusds.jose.JWSHeader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Supplies the keys that verify tokens. The creator closes it.
@FunctionalInterface
public interface KeySource extends AutoCloseable {

  /// Returns the keys that may have signed a token; none if the key it names is unknown. Never
  /// blocks. Fails if the keys are unavailable.
  ///
  /// @param header the token's header, not verified yet
  CompletionStage<List<TokenKey>> candidates(JWSHeader header);

  @Override
  default void close() {}

  /// Returns the keys that the settings configure; none if they configure no source.
  static KeySource of(TokenSettings settings) {
    if (settings.jwks().isPresent()) {
      return new RemoteKeys(settings.jwks().get());
    }
    return fixed(
        settings.publicKey().isEmpty() ? List.of() : PemPublicKey.parse(settings.publicKey()));
  }

  /// Returns the same keys for every token, regardless of the key id it names.
  static KeySource fixed(List<TokenKey> keys) {
    List<TokenKey> copy = List.copyOf(keys);
    return _ -> CompletableFuture.completedFuture(copy);
  }
}
