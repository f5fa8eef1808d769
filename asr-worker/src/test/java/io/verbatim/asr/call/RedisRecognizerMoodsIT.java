package io.verbatim.asr.call;

import io.verbatim.pubsub.Bus;
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
    return TestBus.on(redis, Duration.ofSeconds(3));
  }
}
