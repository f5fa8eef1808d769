package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.contract.BusContract;
import io.verbatim.pubsub.contract.BusLimits;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;

/// Runs the contract suite on Redis Streams. Each bus of a test has its own connection.
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
