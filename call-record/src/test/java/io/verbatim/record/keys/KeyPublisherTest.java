package io.verbatim.record.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.ApiKeyList;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import io.verbatim.pubsub.message.PublishedApiKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyPublisherTest {

  private static final PublishedApiKey KEY =
      new PublishedApiKey("first", "00", null, Set.of("audio:write"), null);

  private final InMemoryBus bus = new InMemoryBus();
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private final PublishedApiKeys published = bus.apiKeys();
  private final KeyPublisher publisher = new KeyPublisher(published, used::addAll);

  @AfterEach
  void close() {
    bus.close();
  }

  private Optional<ApiKeySnapshot> read(String... usedKeys) {
    return published.read(-1, Set.of(usedKeys)).toCompletableFuture().join();
  }

  @Test
  void confirmedKeys_arePublishedOnceForEachVersion() {
    publisher.confirmed(7, () -> List.of(KEY));
    await().until(() -> read().isPresent());
    publisher.confirmed(
        7,
        () -> {
          throw new IllegalStateException("encoded twice");
        });
    await()
        .until(() -> {
          publisher.confirmed(8, List::of);
          return read().orElseThrow().version() == 8;
        });

    assertThat(ApiKeyList.decode(read().orElseThrow().keys().orElseThrow())).isEmpty();
  }

  @Test
  void useElsewhere_isReportedWithTheNextConfirmation() {
    publisher.confirmed(7, () -> List.of(KEY));
    await().until(() -> read("first").isPresent());

    await()
        .until(() -> {
          publisher.confirmed(7, () -> List.of(KEY));
          return used.equals(Set.of("first"));
        });
  }
}
