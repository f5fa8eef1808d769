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
/// A published set of keys is valid for a limited time: if no gateway runs, keys cannot be revoked,
/// so readers must stop accepting them. The version of the set increases with each change of the
/// keys.
public interface PublishedApiKeys {

  /// Extends the validity of the published set, if it has this version.
  CompletionStage<ApiKeyPublication> confirm(long version, Duration validFor);

  /// Publishes a set, unless a newer one was published.
  ///
  /// @param keys as [io.verbatim.pubsub.message.ApiKeyList] encodes them
  CompletionStage<ApiKeyPublication> publish(long version, String keys, Duration validFor);

  /// Reads the set; empty if none is valid.
  ///
  /// @param knownVersion the version that the reader has; the keys are returned only if another is
  ///   published
  /// @param used the ids of the keys that were used since the last read, for the gateways
  CompletionStage<Optional<ApiKeySnapshot>> read(long knownVersion, Set<String> used);
}
