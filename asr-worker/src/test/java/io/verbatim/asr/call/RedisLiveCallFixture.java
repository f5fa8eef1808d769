package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
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
    return TestBus.on(redis, Duration.ofSeconds(1));
  }
}
