package io.verbatim.gateway.stage;

import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import java.time.Duration;

/// The bus of the other services, on the Redis of the test, connected.
public final class TestBus {

  /// Long, so that no call is taken from a test that waits its turn, or for a Redis that stands
  /// still.
  private static final Duration LEASE = Duration.ofSeconds(20);

  private TestBus() {}

  public static Bus on(String redisUrl) {
    Bus bus =
        RedisBus.open(
            new RedisSettings(
                redisUrl,
                "",
                "stage",
                Duration.ofSeconds(60),
                Duration.ofHours(24),
                LEASE,
                50,
                20,
                30));
    await().until(() -> bus.health() instanceof BusHealth.Connected);
    return bus;
  }
}
