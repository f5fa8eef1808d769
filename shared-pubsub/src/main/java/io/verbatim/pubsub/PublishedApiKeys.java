package io.verbatim.pubsub;

import io.verbatim.pubsub.message.ApiKeyPublication;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// The valid API keys, which the gateways publish for services without a database. Only hashes of
/// keys are published.
///
/// A published set is valid for a limited time, so that no reader accepts keys when no gateway can
/// revoke them. Versions grow with each change of the keys.
public interface PublishedApiKeys {

  /// Extends the validity of a set.
  CompletionStage<ApiKeyPublication> confirm(long version, Duration validFor);

  /// Publishes a set, unless a newer one was published.
  ///
  /// @param keys as [io.verbatim.pubsub.message.ApiKeyList] encodes them
  CompletionStage<ApiKeyPublication> publish(long version, String keys, Duration validFor);

  /// Reads the set; empty if none is valid.
  ///
  /// @param knownVersion the reader's version, of which the keys are not read again
  /// @param used the ids of keys that were used since the last call
  CompletionStage<Optional<ApiKeySnapshot>> read(long knownVersion, Set<String> used);
}
