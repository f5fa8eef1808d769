package io.verbatim.tokens;

import com.nimbusds.jose.JWSHeader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Where the keys come from that tokens are checked with. Whoever creates one closes it.
@FunctionalInterface
public interface KeySource extends AutoCloseable {

  /// The keys a token may be signed with; none where the key it names is not known. Never blocks;
  /// fails where the keys cannot be had now.
  ///
  /// @param header the token's header, of which nothing is proven yet
  CompletionStage<List<TokenKey>> candidates(JWSHeader header);

  @Override
  default void close() {}

  /// The keys that the settings name; none where they name none.
  static KeySource of(TokenSettings settings) {
    if (settings.jwks().isPresent()) {
      return new RemoteKeys(settings.jwks().get());
    }
    return fixed(
        settings.publicKey().isEmpty()
            ? List.of()
            : List.of(PemPublicKey.parse(settings.publicKey())));
  }

  /// Always the same keys, whatever a token calls them.
  static KeySource fixed(List<TokenKey> keys) {
    List<TokenKey> copy = List.copyOf(keys);
    return _ -> CompletableFuture.completedFuture(copy);
  }
}
