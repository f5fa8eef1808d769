package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class RedisRecognizerScenariosIT extends RecognizerScenariosContract {
  private final RedisServer redis;

  RedisRecognizerScenariosIT(RedisServer redis) {
    this.redis = redis;
  }

  @Override
  Bus openBus() {
    return TestBus.on(redis, Duration.ofSeconds(3));
  }
}
