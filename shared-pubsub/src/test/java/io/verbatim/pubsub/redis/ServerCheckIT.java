package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoopGroup;
import io.verbatim.pubsub.ServerStats;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What a service reads of its Redis server, and the alert for too many clients.
class ServerCheckIT {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final RedisServer server = RedisServer.startOwn();
  private final EventLoopGroup group =
      (EventLoopGroup)
          DefaultEventLoopGroupProvider.createEventLoopGroup(Transports.eventLoopGroupClass(), 1);
  private final Logger logger = (Logger) LoggerFactory.getLogger(ServerCheck.class);
  private final Level level = logger.getLevel();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private @Nullable RedisConnection connection;

  @BeforeEach
  void recordLog() {
    logger.setLevel(Level.WARN);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    logger.setLevel(level);
    if (connection != null) {
      connection.close();
    }
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    server.close();
  }

  private ServerCheck start(int warn, int critical) {
    RedisSettings settings =
        new RedisSettings(
            server.url(),
            "",
            "transcript-gateway",
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            Duration.ofSeconds(2),
            50,
            warn,
            critical);
    connection = new RedisConnection(settings, group.next());
    ServerCheck check = new ServerCheck(connection, settings, INTERVAL);
    check.start();
    connection.start();
    return check;
  }

  /// The next report.
  private static ServerStats nextStats(ServerCheck check) {
    Set<@Nullable ServerStats> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    seen.add(check.stats().orElse(null));
    return Awaitility.await().until(() -> check.stats().orElse(null), seen::add);
  }

  /// The connections of all clients: the service's and the test's own.
  private long connected() {
    return server.commands().clientList().lines().count() + (connection == null ? 1 : 0);
  }

  private List<String> logged(Level wanted) {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel().equals(wanted))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void clientsBelowTheLimits_areNotLogged() {
    int clients = (int) connected();
    ServerCheck check = start(clients + 1, clients + 2);

    nextStats(check);
    nextStats(check);
    nextStats(check);

    assertThat(logged(Level.WARN)).isEmpty();
    assertThat(logged(Level.ERROR)).isEmpty();
  }

  @Test
  void clientsAtTheWarningLimit_areLoggedAsWarningByService() {
    int clients = (int) connected();
    start(clients, clients + 1);

    Awaitility.await().until(() -> !logged(Level.WARN).isEmpty());

    assertThat(logged(Level.WARN).getFirst())
        .startsWith(
            "redis.clients severity=WARNING connected=%d limit=%d".formatted(clients, clients))
        .contains("transcript-gateway:1");
    assertThat(logged(Level.ERROR)).isEmpty();
  }

  @Test
  void clientsAtTheCriticalLimit_areLoggedAsError() {
    int clients = (int) connected();
    start(clients - 1, clients);

    Awaitility.await().until(() -> !logged(Level.ERROR).isEmpty());

    assertThat(logged(Level.ERROR).getFirst())
        .startsWith(
            "redis.clients severity=CRITICAL connected=%d limit=%d".formatted(clients, clients))
        .contains("transcript-gateway:1");
  }

  @Test
  void closedClients_endTheAlert() {
    int clients = (int) connected();
    RedisClient other = RedisClient.create(server.url());
    StatefulRedisConnection<String, String> open = other.connect();
    ServerCheck check = start(clients + 1, clients + 2);
    Awaitility.await().until(() -> !logged(Level.WARN).isEmpty());

    open.close();
    other.shutdown(0, 2, TimeUnit.SECONDS);
    Awaitility.await().until(() -> nextStats(check).connections().orElseThrow() <= clients);
    log.list.clear();
    nextStats(check);
    nextStats(check);

    assertThat(logged(Level.WARN)).isEmpty();
  }

  @Test
  void stats_haveTheServersFigures() {
    server.commands().configSet(Map.of("maxclients", "77", "maxmemory", "50mb"));
    server.commands().xadd("dead_letters", Map.of("reason", "test"));
    server.commands().xadd("audio_stream", Map.of("call", "call-1"));
    server.commands().xadd("audio_stream", Map.of("call", "call-2"));

    ServerStats stats = nextStats(start(1_000, 2_000));

    assertThat(stats.connections().orElseThrow()).isEqualTo(connected());
    assertThat(stats.connectionsByClient()).containsEntry("transcript-gateway", 1L);
    assertThat(stats.maxConnections()).hasValue(77);
    assertThat(stats.rejectedConnections()).hasValue(0);
    assertThat(stats.blockedClients()).hasValue(0);
    assertThat(stats.usedBytes().orElseThrow()).isPositive();
    assertThat(stats.maxBytes()).hasValue(50 * 1024 * 1024);
    assertThat(stats.evicting()).isFalse();
    assertThat(stats.deadLetters()).hasValue(1);
    assertThat(stats.unclaimedCalls()).hasValue(2);
  }

  @Test
  void claimedCalls_areNotUnclaimed() {
    server.commands().xadd("audio_stream", Map.of("call", "call-1"));
    server.commands().xadd("audio_stream", Map.of("call", "call-2"));
    server
        .commands()
        .xgroupCreate(
            StreamOffset.from("audio_stream", "0"),
            Keys.GROUP,
            XGroupCreateArgs.Builder.mkstream());
    server
        .commands()
        .xreadgroup(
            Consumer.from(Keys.GROUP, "worker"),
            XReadArgs.Builder.count(1),
            Offsets.of("audio_stream", ">"));

    assertThat(nextStats(start(1_000, 2_000)).unclaimedCalls()).hasValue(1);
  }

  @Test
  void evictingPolicy_isReported() {
    server.commands().configSet("maxmemory-policy", "allkeys-lru");

    assertThat(nextStats(start(1_000, 2_000)).evicting()).isTrue();
  }
}
