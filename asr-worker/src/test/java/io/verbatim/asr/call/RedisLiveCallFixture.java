package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/// Live calls on Redis.
@ExtendWith(RedisExtension.class)
abstract class RedisLiveCallFixture extends LiveCallFixture {
  static final String MONO = "pcm16/8000/1";

  private final RedisServer redis;

  RedisLiveCallFixture(RedisServer redis) {
    this.redis = redis;
  }

  @Override
  Bus openBus() {
    return RedisBus.open(
        new RedisSettings(
            redis.url(),
            "",
            "asr-worker",
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            50,
            20,
            30));
  }
}
