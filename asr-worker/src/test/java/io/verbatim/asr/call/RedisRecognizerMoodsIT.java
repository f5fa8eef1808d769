package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class RedisRecognizerMoodsIT extends RecognizerMoodsContract {
  private final RedisServer redis;

  RedisRecognizerMoodsIT(RedisServer redis) {
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
            Duration.ofSeconds(3),
            50,
            20,
            30));
  }
}
