package io.verbatim.record.keys;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.message.ApiKeyList;
import io.verbatim.pubsub.message.ApiKeyPublication;
import io.verbatim.pubsub.message.ApiKeyPublication.Outcome;
import io.verbatim.pubsub.message.PublishedApiKey;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes the hashes of the valid keys for services without a database. Called by one thread;
/// does not wait for the bus, and has one request in flight.
///
/// A publication that fails is repeated with the next confirmation, a second later.
final class KeyPublisher {

  private static final Logger logger = LoggerFactory.getLogger(KeyPublisher.class);

  private final PublishedApiKeys published;
  private final Consumer<Set<String>> used;
  private final AtomicBoolean pending = new AtomicBoolean();
  private long encodedVersion = -1;
  private String encoded = "";

  /// @param used receives the ids of keys that other services have used
  KeyPublisher(PublishedApiKeys published, Consumer<Set<String>> used) {
    this.published = published;
    this.used = used;
  }

  /// Publishes keys that the database has just confirmed.
  ///
  /// @param version grows with each change
  void confirmed(long version, Supplier<Collection<PublishedApiKey>> keys) {
    if (!pending.compareAndSet(false, true)) {
      return;
    }
    if (encodedVersion != version) {
      encoded = ApiKeyList.encode(keys.get());
      encodedVersion = version;
    }
    String text = encoded;
    published
        .confirm(version, ApiKeys.VALID_WITHOUT_DATABASE)
        .thenCompose(confirmation -> publishUnknown(version, text, confirmation))
        .whenComplete((publication, failure) -> {
          pending.set(false);
          if (failure == null) {
            used.accept(publication.used());
          } else {
            logger.debug("keys.unpublished", failure);
          }
        });
  }

  private CompletionStage<ApiKeyPublication> publishUnknown(
      long version, String keys, ApiKeyPublication confirmation) {
    used.accept(confirmation.used());
    return confirmation.outcome() == Outcome.UNKNOWN
        ? published.publish(version, keys, ApiKeys.VALID_WITHOUT_DATABASE)
        : CompletableFuture.completedStage(new ApiKeyPublication(confirmation.outcome(), Set.of()));
  }
}
