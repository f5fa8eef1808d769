package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.ServerStats;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the server reports of itself, at each connect and every 30 s, over the shared
/// connection: its eviction policy, its clients, because plans limit their number, its memory, and
/// what waits in it. Confined to the event loop, except [#stats].
final class ServerCheck {
  private static final Logger logger = LoggerFactory.getLogger(ServerCheck.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Pattern FIELD = Pattern.compile("(?m)^(\\w+):(\\S+)");
  private static final Pattern NAME = Pattern.compile(" name=(\\S*)");
  private static final String NO_EVICTION = "noeviction";
  private static final String ALERT = "redis.clients severity={} connected={} limit={} by=\"{}\"";

  /// With more clients their list is not requested, because the server would be busy with it.
  private static final long MAX_LISTED = 1_000;

  private final RedisConnection redis;
  private final Duration interval;
  private final int warn;
  private final int critical;
  private volatile @Nullable ServerStats stats;

  ServerCheck(RedisConnection redis, RedisSettings settings) {
    this(redis, settings, INTERVAL);
  }

  ServerCheck(RedisConnection redis, RedisSettings settings, Duration interval) {
    this.redis = redis;
    this.interval = interval;
    this.warn = settings.clientsWarn();
    this.critical = settings.clientsCritical();
  }

  void start() {
    redis.onConnected(() -> check(false));
    redis.execute(() -> redis.every(interval, () -> check(true)));
  }

  /// The last report; empty before the first. On any thread.
  Optional<ServerStats> stats() {
    return Optional.ofNullable(stats);
  }

  /// @param alert whether too many clients are logged: not at a connect, because a server whose
  ///   clients reconnect still counts their lost connections
  private void check(boolean alert) {
    redis
        .send(commands -> commands.info())
        .thenApply(ServerCheck::fields)
        .thenAccept(info -> {
          checkPolicy(info);
          list(info, alert);
        });
  }

  private static Map<String, String> fields(String info) {
    Map<String, String> fields = new TreeMap<>();
    FIELD.matcher(info).results().forEach(field -> fields.put(field.group(1), field.group(2)));
    return fields;
  }

  /// Reports any policy but `noeviction`: eviction could remove announcements or a live call. A
  /// server that hides its policy is not reported.
  private void checkPolicy(Map<String, String> info) {
    String policy = policy(info);
    if (policy.equals(NO_EVICTION)) {
      redis.report(null);
    } else {
      logger.warn("redis.eviction policy={} required={}", policy, NO_EVICTION);
      redis.report("redis: maxmemory-policy is " + policy + ", must be " + NO_EVICTION);
    }
  }

  private static String policy(Map<String, String> info) {
    return info.getOrDefault("maxmemory_policy", NO_EVICTION);
  }

  private void list(Map<String, String> info, boolean alert) {
    long connected = number(info, "connected_clients").orElse(0);
    CompletableFuture<Map<String, Long>> clients =
        connected > MAX_LISTED
            ? CompletableFuture.completedFuture(Map.of())
            : redis
                .send(commands -> commands.clientList())
                .thenApply(ServerCheck::byName)
                .exceptionally(_ -> Map.of());
    clients.thenAccept(byName -> {
      if (alert) {
        alert(connected, byName);
      }
      countWaiting(info, byName);
    });
  }

  private void alert(long connected, Map<String, Long> byName) {
    if (connected >= critical) {
      logger.error(ALERT, "CRITICAL", connected, critical, text(byName));
    } else if (connected >= warn) {
      logger.warn(ALERT, "WARNING", connected, warn, text(byName));
    }
  }

  private static String text(Map<String, Long> byName) {
    return byName.entrySet().stream()
        .map(client -> client.getKey() + ":" + client.getValue())
        .collect(Collectors.joining(" "));
  }

  private static Map<String, Long> byName(String clientList) {
    Map<String, Long> byName = new TreeMap<>();
    Matcher names = NAME.matcher(clientList);
    while (names.find()) {
      byName.merge(names.group(1).isEmpty() ? "unnamed" : names.group(1), 1L, Long::sum);
    }
    return byName;
  }

  /// Counts dead letters, and announcements that are not pending for a worker.
  private void countWaiting(Map<String, String> info, Map<String, Long> byName) {
    Keys keys = redis.keys();
    CompletableFuture<Long> deadLetters = redis.send(commands -> commands.xlen(keys.deadLetters()));
    CompletableFuture<Long> announced = redis.send(commands -> commands.xlen(keys.announcements()));
    CompletableFuture<Long> pending =
        redis
            .send(commands -> commands.xpending(keys.announcements(), Keys.GROUP))
            .thenApply(summary -> summary.getCount())
            .exceptionally(_ -> 0L); // no worker has created the group yet
    deadLetters.thenCombine(
        announced.thenCombine(pending, (all, claimed) -> Math.max(0, all - claimed)),
        (letters, unclaimed) -> {
          stats = stats(info, byName, letters, unclaimed);
          return letters;
        });
  }

  private static ServerStats stats(
      Map<String, String> info, Map<String, Long> byName, long deadLetters, long unclaimed) {
    return new ServerStats(
        number(info, "connected_clients"),
        byName,
        number(info, "maxclients"),
        number(info, "rejected_connections"),
        number(info, "blocked_clients"),
        number(info, "used_memory"),
        number(info, "maxmemory"),
        !policy(info).equals(NO_EVICTION),
        OptionalLong.of(deadLetters),
        OptionalLong.of(unclaimed));
  }

  private static OptionalLong number(Map<String, String> info, String field) {
    String value = info.getOrDefault(field, "");
    return value.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }
}
