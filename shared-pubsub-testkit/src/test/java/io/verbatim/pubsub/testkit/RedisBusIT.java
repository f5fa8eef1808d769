package io.verbatim.pubsub.testkit;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;

/// The bus on Redis Streams keeps the contract; each bus of a test is a connection of its own.
@ExtendWith(RedisExtension.class)
class RedisBusIT extends BusContract {
  private final RedisServer server;

  RedisBusIT(RedisServer server) {
    this.server = server;
  }

  @Override
  protected Bus connect(BusLimits limits) {
    RedisSettings settings =
        new RedisSettings(
            server.url(),
            "",
            "contract",
            limits.audioRetention(),
            limits.transcriptRetention(),
            limits.lease(),
            50,
            1000,
            2000);
    RedisBus bus = RedisBus.open(settings);
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> bus.health() instanceof BusHealth.Connected);
    return bus;
  }
}
