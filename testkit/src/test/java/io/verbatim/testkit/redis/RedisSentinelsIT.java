package io.verbatim.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RedisSentinelsIT {

  @Test
  void isolatedPrimary_refusesWritesWithinSeconds_andIsDemoted() {
    RedisClient client = RedisClient.create();
    try (RedisSentinels sentinels = RedisSentinels.start()) {
      String before = sentinels.primaryUrl();
      RedisCommands<String, String> old = client.connect(RedisURI.create(before)).sync();
      assertThat(old.set("key", "before")).isEqualTo("OK");

      sentinels.isolatePrimary();

      assertThat(sentinels.primaryUrl()).isNotEqualTo(before);
      Awaitility.await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() ->
              assertThatThrownBy(() -> old.set("key", "isolated"))
                  .hasMessageStartingWith("NOREPLICAS"));
      RedisCommands<String, String> promoted =
          client.connect(RedisURI.create(sentinels.primaryUrl())).sync();
      assertThat(promoted.get("key")).isEqualTo("before");
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .ignoreExceptions()
          .until(() -> old.info("replication").contains("role:slave"));
    } finally {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }
}
