package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;

/// A worker's bus on Redis.
final class TestBus {
  private TestBus() {}

  /// @param lease how long a silent worker keeps its calls
  static Bus on(RedisServer redis, Duration lease) {
    return RedisBus.open(
        new RedisSettings(
            redis.url(),
            "",
            "asr-worker",
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            lease,
            50,
            20,
            30));
  }
}
