package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.PublishedApiKeys;
import io.verbatim.pubsub.message.ApiKeyPublication;
import io.verbatim.pubsub.message.ApiKeySnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The published API keys on Redis: one hash, which expires.
final class RedisApiKeys implements PublishedApiKeys {
  private final RedisConnection redis;

  RedisApiKeys(RedisConnection redis) {
    this.redis = redis;
  }

  @Override
  public CompletionStage<ApiKeyPublication> confirm(long version, Duration validFor) {
    return publication(Reply.bytes(version), Reply.bytes(validFor.toMillis()));
  }

  @Override
  public CompletionStage<ApiKeyPublication> publish(long version, String keys, Duration validFor) {
    return publication(Reply.bytes(version), Reply.bytes(validFor.toMillis()), Reply.bytes(keys));
  }

  private CompletionStage<ApiKeyPublication> publication(byte[]... arguments) {
    return redis
        .run(Script.PUBLISH_KEYS, new String[] {redis.keys().apiKeys()}, arguments)
        .thenApply(reply ->
            new ApiKeyPublication(
                ApiKeyPublication.Outcome.valueOf(reply.word().toUpperCase(Locale.ROOT)),
                words(reply.text(1))));
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toSet());
  }

  @Override
  public CompletionStage<Optional<ApiKeySnapshot>> read(long knownVersion, Set<String> used) {
    byte[][] arguments =
        Stream.concat(Stream.of(Long.toString(knownVersion)), used.stream())
            .map(Reply::bytes)
            .toArray(byte[][]::new);
    return redis
        .run(Script.READ_KEYS, new String[] {redis.keys().apiKeys()}, arguments)
        .thenApply(RedisApiKeys::snapshot);
  }

  private static Optional<ApiKeySnapshot> snapshot(Reply reply) {
    if (reply.word().equals("none")) {
      return Optional.empty();
    }
    Optional<String> keys =
        reply.word().equals("changed") ? Optional.of(reply.text(3)) : Optional.empty();
    return Optional.of(
        new ApiKeySnapshot(reply.number(1), Duration.ofMillis(reply.number(2)), keys));
  }
}
