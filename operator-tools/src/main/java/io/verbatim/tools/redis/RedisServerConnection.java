package io.verbatim.tools.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The one connection of this command. Its creator closes it.
final class RedisServerConnection implements AutoCloseable {
  /// The name of the connection.
  static final String NAME = "redis-connections";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  /// Connects.
  ///
  /// @throws io.lettuce.core.RedisException if the server cannot be reached, or is full
  RedisServerConnection(String url) {
    RedisURI uri = RedisURI.create(url);
    uri.setClientName(NAME);
    uri.setTimeout(TIMEOUT);
    client = RedisClient.create();
    try {
      connection = client.connect(io.lettuce.core.codec.StringCodec.UTF8, uri);
    } catch (RuntimeException failure) {
      client.shutdown(Duration.ZERO, TIMEOUT);
      throw failure;
    }
  }

  Sample read() {
    RedisCommands<String, String> commands = connection.sync();
    return new Sample(
        Instant.now(),
        text(commands.info("server"), "redis_version"),
        Integer.parseInt(text(commands.info("clients"), "maxclients")),
        Long.parseLong(text(commands.info("stats"), "rejected_connections")),
        commands.clientId(),
        ClientConnection.parse(commands.clientList()));
  }

  private static String text(String info, String field) {
    Matcher matcher = Pattern.compile("(?m)^" + field + ":(\\S*)").matcher(info);
    return matcher.find() ? matcher.group(1) : "0";
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown(Duration.ZERO, TIMEOUT);
  }
}
