package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.verbatim.bench.setup.Resp;
import io.verbatim.testkit.redis.RedisServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs the runbook's Redis commands against a server.
class RunbookIT {
  private static final String PROGRAM = "redis-cli -u \"$REDIS_URL\" ";
  private static final RedisServer REDIS = RedisServer.startOwn();

  @AfterAll
  static void close() {
    REDIS.close();
  }

  private static Stream<String> redisCommands() {
    return Runbook.commands().stream()
        .filter(line -> line.startsWith(PROGRAM))
        .map(line -> line.substring(PROGRAM.length()))
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("redisCommands")
  void command_isAcceptedByRedis(String command) {
    try (Resp connection = new Resp(URI.create(REDIS.url()).getPort())) {
      assertThatNoException()
          .isThrownBy(() -> connection.call(List.of(command.split(" ")).toArray(new String[0])));
    }
  }

  /// The steps of "Backup and restore": save, stop, start with `appendonly no`, then append again.
  @Test
  void restoredBackup_hasTheCallsOfTheSave() {
    try (RedisServer redis = RedisServer.startOwn()) {
      RedisCommands<String, String> commands = redis.commands();
      commands.xadd("transcript:{call-1}", Map.of("text", "saved"));
      commands.bgsave();
      await()
          .until(() ->
              commands.info("persistence").contains("rdb_bgsave_in_progress:0")
                  && commands.info("persistence").contains("rdb_changes_since_last_save:0"));
      commands.xadd("transcript:{call-1}", Map.of("text", "after the save"));

      redis.restart(); // It has appendonly no, and loads the file that the save wrote.
      redis.commands().configSet("appendonly", "yes");

      assertThat(redis.commands().xrange("transcript:{call-1}", Range.unbounded()))
          .extracting(entry -> entry.getBody().get("text"))
          .containsExactly("saved");
      await()
          .until(() -> redis.commands().info("persistence").contains("aof_rewrite_in_progress:0"));
      assertThat(redis.commands().info("persistence"))
          .contains("aof_enabled:1", "aof_last_bgrewrite_status:ok");
    }
  }
}
