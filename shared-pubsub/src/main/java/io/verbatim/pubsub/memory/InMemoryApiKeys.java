package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.message.ApiKeyPublication;
import io.verbatim.pubsub.message.ApiKeyPublication.Outcome;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The published API keys in memory.
final class InMemoryApiKeys implements PublishedApiKeys {

  private record Published(long version, String keys, long untilNanos) {
    boolean isValid() {
      return untilNanos - System.nanoTime() > 0;
    }
  }

  private final BusThread thread;
  private final Set<String> used = new HashSet<>();
  private @Nullable Published published;

  InMemoryApiKeys(BusThread thread) {
    this.thread = thread;
  }

  @Override
  public CompletionStage<ApiKeyPublication> confirm(long version, Duration validFor) {
    return thread.request(() -> {
      Published current = current();
      return current == null || current.version < version
          ? publication(Outcome.UNKNOWN)
          : store(version, current.keys, validFor);
    });
  }

  @Override
  public CompletionStage<ApiKeyPublication> publish(long version, String keys, Duration validFor) {
    return thread.request(() -> store(version, keys, validFor));
  }

  private ApiKeyPublication store(long version, String keys, Duration validFor) {
    Published current = current();
    if (current != null && current.version > version) {
      return publication(Outcome.OUTDATED);
    }
    published = new Published(version, keys, System.nanoTime() + validFor.toNanos());
    return publication(Outcome.CURRENT);
  }

  private @Nullable Published current() {
    Published current = published;
    return current != null && current.isValid() ? current : null;
  }

  private ApiKeyPublication publication(Outcome outcome) {
    ApiKeyPublication publication = new ApiKeyPublication(outcome, used);
    used.clear();
    return publication;
  }

  @Override
  public CompletionStage<Optional<ApiKeySnapshot>> read(long knownVersion, Set<String> usedKeys) {
    return thread.request(() -> {
      Published current = current();
      if (current == null) {
        return Optional.empty();
      }
      used.addAll(usedKeys);
      return Optional.of(
          new ApiKeySnapshot(
              current.version,
              Duration.ofNanos(current.untilNanos - System.nanoTime()),
              current.version == knownVersion ? Optional.empty() : Optional.of(current.keys)));
    });
  }
}
