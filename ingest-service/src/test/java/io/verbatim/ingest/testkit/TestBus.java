package io.verbatim.ingest.testkit;

import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import java.time.Duration;

/// Opens a bus for a reader. The test closes it.
public final class TestBus {
  private TestBus() {}

  public static RedisBus open(String redisUrl) {
    return RedisBus.open(
        new RedisSettings(
            redisUrl,
            "",
            "test-reader",
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofSeconds(2),
            50,
            20,
            30));
  }
}
