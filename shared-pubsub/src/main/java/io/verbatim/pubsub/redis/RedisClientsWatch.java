package io.verbatim.pubsub.redis;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches how many connections the server holds in all, for its plan allows only so many.
///
/// Counts every 30 s over the shared connection, and says who holds them where a limit is reached.
final class RedisClientsWatch {
  private static final Logger log = LoggerFactory.getLogger(RedisClientsWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Pattern CONNECTED = Pattern.compile("connected_clients:(\\d+)");
  private static final Pattern NAME = Pattern.compile(" name=(\\S*)");

  private final RedisConnection redis;
  private final int warn;
  private final int critical;

  RedisClientsWatch(RedisConnection redis, RedisSettings settings) {
    this.redis = redis;
    this.warn = settings.clientsWarn();
    this.critical = settings.clientsCritical();
  }

  void start() {
    redis.execute(() -> redis.every(INTERVAL, this::count));
  }

  private void count() {
    redis
        .send(commands -> commands.info("clients"))
        .thenAccept(info -> {
          Matcher matcher = CONNECTED.matcher(info);
          if (matcher.find() && Integer.parseInt(matcher.group(1)) >= warn) {
            report(Integer.parseInt(matcher.group(1)));
          }
        });
  }

  private void report(int connected) {
    redis
        .send(commands -> commands.clientList())
        .thenAccept(list -> {
          Map<String, Integer> byName = byName(list);
          if (connected >= critical) {
            log.error(
                "CRITICAL redis.clients connected={} limit={} by={}", connected, critical, byName);
          } else {
            log.warn("WARNING redis.clients connected={} limit={} by={}", connected, warn, byName);
          }
        });
  }

  private static Map<String, Integer> byName(String clientList) {
    Map<String, Integer> byName = new TreeMap<>();
    Matcher names = NAME.matcher(clientList);
    while (names.find()) {
      byName.merge(names.group(1).isEmpty() ? "unnamed" : names.group(1), 1, Integer::sum);
    }
    return byName;
  }
}
