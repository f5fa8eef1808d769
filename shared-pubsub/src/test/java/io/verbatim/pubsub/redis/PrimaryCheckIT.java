package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.testkit.redis.RedisSentinels;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A service that only reads is never refused: it must leave a replaced primary by itself.
@EnabledOnOs(OS.LINUX)
class PrimaryCheckIT {
  private static final String CLIENT_NAME = "reader";

  @Test
  void readerOfAReplacedPrimary_connectsToTheNewOneWithinSeconds() {
    RedisClient client = RedisClient.create();
    try (RedisSentinels sentinels = RedisSentinels.start();
        Bus bus = RedisBus.open(settings(sentinels.url()))) {
      Awaitility.await().until(() -> bus.health() instanceof BusHealth.Connected);

      sentinels.failOver();

      var promoted = client.connect(RedisURI.create(sentinels.primaryUrl())).sync();
      Awaitility.await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(promoted.clientList()).contains("name=" + CLIENT_NAME));
    } finally {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }

  private static RedisSettings settings(String url) {
    return new RedisSettings(
        url,
        "",
        CLIENT_NAME,
        Duration.ofSeconds(60),
        Duration.ofHours(1),
        Duration.ofSeconds(1),
        50,
        100,
        200);
  }
}
