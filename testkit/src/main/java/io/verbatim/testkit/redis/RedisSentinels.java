package io.verbatim.testkit.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.lettuce.core.sentinel.api.sync.RedisSentinelCommands;
import io.verbatim.testkit.network.TcpRoute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/// A primary with two replicas, and three sentinels that monitor them: six local processes on free
/// ports. Linux only, because it uses two loopback addresses. Its creator closes it.
///
/// The servers refuse writes if no replica has acknowledged anything for a second, as
/// `docs/redis.md` requires: a replaced primary cannot accept words for long.
///
/// All servers announce routes, so that a primary can be cut off from the replicas and the
/// sentinels while its clients still reach it.
public final class RedisSentinels implements AutoCloseable {
  private static final String NAME = "verbatim";
  private static final int SENTINELS = 3;
  private static final int REPLICAS = 2;
  private static final String CLIENTS_ADDRESS = "127.0.0.1";

  /// The source address of servers and sentinels.
  private static final String PEERS_ADDRESS = "127.0.0.2";

  private static final Duration PROMOTION_LIMIT = Duration.ofSeconds(60);

  private record Server(RedisProcess process, TcpRoute route) {}

  private final List<Server> servers = new ArrayList<>();
  private final List<RedisProcess> sentinels = new ArrayList<>();
  private final RedisClient client;
  private final StatefulRedisSentinelConnection<String, String> connection;

  private RedisSentinels() {
    servers.add(server(List.of()));
    int primary = servers.getFirst().route().port();
    for (int i = 0; i < REPLICAS; i++) {
      servers.add(server(List.of("--replicaof", CLIENTS_ADDRESS + " " + primary)));
    }
    for (int i = 0; i < SENTINELS; i++) {
      sentinels.add(sentinel(primary));
    }
    client = RedisClient.create();
    connection =
        client.connectSentinel(RedisURI.create(CLIENTS_ADDRESS, sentinels.getFirst().port()));
    Awaitility.await()
        .atMost(PROMOTION_LIMIT)
        .until(() ->
            isWhole()
                && Integer.toString(SENTINELS - 1)
                    .equals(commands().master(NAME).get("num-other-sentinels")));
  }

  /// Starts all, and waits until a failover is possible.
  public static RedisSentinels start() {
    return new RedisSentinels();
  }

  private static Server server(List<String> more) {
    AtomicInteger port = new AtomicInteger();
    TcpRoute route = TcpRoute.to(port::get);
    List<String> arguments = new ArrayList<>(more);
    arguments.addAll(List.of("--replica-announce-ip", CLIENTS_ADDRESS));
    arguments.addAll(List.of("--replica-announce-port", Integer.toString(route.port())));
    arguments.addAll(List.of("--bind-source-addr", PEERS_ADDRESS));
    arguments.addAll(List.of("--repl-diskless-sync-delay", "0"));
    arguments.addAll(List.of("--min-replicas-to-write", "1", "--min-replicas-max-lag", "1"));
    RedisProcess process =
        RedisProcess.start(RedisServer.binary(), RedisProcess.Program.server(true, arguments));
    port.set(process.port());
    return new Server(process, route);
  }

  private static RedisProcess sentinel(int primary) {
    return RedisProcess.start(
        RedisServer.binary(),
        new RedisProcess.Program(
            "+monitor master", (_, directory) -> sentinelArguments(directory, primary)));
  }

  private static List<String> sentinelArguments(Path directory, int primary) throws IOException {
    Path file = directory.resolve("sentinel.conf");
    Files.writeString(
        file,
        """
        bind-source-addr %2$s
        sentinel announce-ip %3$s
        sentinel monitor %1$s %3$s %4$d 2
        sentinel down-after-milliseconds %1$s 1000
        sentinel failover-timeout %1$s 6000
        """
            .formatted(NAME, PEERS_ADDRESS, CLIENTS_ADDRESS, primary));
    return List.of(file.toString(), "--sentinel");
  }

  /// The value for `REDIS_URL`.
  public String url() {
    return sentinels.stream()
        .map(sentinel -> CLIENTS_ADDRESS + ":" + sentinel.port())
        .collect(Collectors.joining(",", "redis-sentinel://", "#" + NAME));
  }

  /// The URL of the server that the sentinels name as the primary.
  public String primaryUrl() {
    return "redis://" + CLIENTS_ADDRESS + ":" + primaryPort();
  }

  private int primaryPort() {
    SocketAddress address = commands().getMasterAddrByName(NAME);
    return ((InetSocketAddress) address).getPort();
  }

  private Server primary() {
    int port = primaryPort();
    return servers.stream()
        .filter(server -> server.route().port() == port)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no server announces port " + port));
  }

  /// Makes the sentinels promote a replica while the primary is reachable.
  public void failOver() {
    int before = primaryPort();
    Awaitility.await()
        .atMost(PROMOTION_LIMIT)
        .ignoreExceptions()
        .until(() -> commands().failover(NAME).equals("OK"));
    awaitOther(before);
  }

  /// Kills the primary, waits until a replica is promoted, and starts the killed one again.
  public void killPrimary() {
    Server primary = primary();
    primary.process().kill();
    awaitOther(primary.route().port());
    primary.process().restart();
  }

  /// Cuts the primary off from the replicas and the sentinels, but not from its clients, until a
  /// replica is promoted: for a while there are two primaries. The sentinels demote the old one
  /// about 10 s after this returns.
  public void isolatePrimary() {
    Server primary = primary();
    primary.route().block(RedisSentinels::isPeer);
    awaitOther(primary.route().port());
    primary.route().unblock();
  }

  /// Waits until each server is in its role again.
  public void awaitWhole() {
    Awaitility.await().atMost(PROMOTION_LIMIT).until(this::isWhole);
  }

  private boolean isWhole() {
    return commands().replicas(NAME).stream()
            .filter(replica -> "ok".equals(replica.get("master-link-status")))
            .count()
        == servers.size() - 1;
  }

  private static boolean isPeer(InetAddress address) {
    return address.getHostAddress().equals(PEERS_ADDRESS);
  }

  private void awaitOther(int port) {
    Awaitility.await().atMost(PROMOTION_LIMIT).until(() -> primaryPort() != port);
  }

  private RedisSentinelCommands<String, String> commands() {
    return connection.sync();
  }

  @Override
  public void close() {
    client.shutdown(0, 2, TimeUnit.SECONDS);
    sentinels.forEach(RedisProcess::close);
    servers.forEach(server -> {
      server.process().close();
      server.route().close();
    });
  }
}
