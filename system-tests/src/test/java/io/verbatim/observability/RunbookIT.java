package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThatNoException;

import io.verbatim.bench.setup.Resp;
import io.verbatim.testkit.redis.RedisServer;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
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
}
