package io.verbatim.pubsub.redis;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks what the server is like, over the shared connection: at each connect its eviction policy,
/// and every 30 s how many connections all clients hold, since a plan allows only so many.
final class ServerCheck {
  private static final Logger log = LoggerFactory.getLogger(ServerCheck.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Pattern CONNECTED = Pattern.compile("connected_clients:(\\d+)");
  private static final Pattern POLICY = Pattern.compile("maxmemory_policy:(\\S+)");
  private static final String NO_EVICTION = "noeviction";
  private static final Pattern NAME = Pattern.compile(" name=(\\S*)");

  private final RedisConnection redis;
  private final int warn;
  private final int critical;

  ServerCheck(RedisConnection redis, RedisSettings settings) {
    this.redis = redis;
    this.warn = settings.clientsWarn();
    this.critical = settings.clientsCritical();
  }

  void start() {
    redis.onConnected(this::checkPolicy);
    redis.execute(() -> redis.every(INTERVAL, this::check));
  }

  private void check() {
    count();
    checkPolicy();
  }

  /// A server that evicts could remove announcements, which have no expiry under most policies, or
  /// a live call. A server that does not tell its policy is not reported.
  private void checkPolicy() {
    redis
        .send(commands -> commands.info("memory"))
        .thenAccept(info -> {
          Matcher matcher = POLICY.matcher(info);
          String policy = matcher.find() ? matcher.group(1) : NO_EVICTION;
          if (policy.equals(NO_EVICTION)) {
            redis.report(null);
          } else {
            String problem = "redis: maxmemory-policy is " + policy + ", must be " + NO_EVICTION;
            log.warn("redis.eviction policy={} required={}", policy, NO_EVICTION);
            redis.report(problem);
          }
        });
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
