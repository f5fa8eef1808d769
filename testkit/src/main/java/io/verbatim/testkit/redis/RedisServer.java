package io.verbatim.testkit.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// A real Redis: the server at `TEST_REDIS_URL`, else `redis-server` from the PATH, else a
/// container if a Docker engine answers, else the bundled binary.
///
/// Prints once to standard output which one it is. Holds at most one own connection, named
/// [#ADMIN_NAME]. Ends only processes that it started, also if this JVM is killed.
public final class RedisServer implements AutoCloseable {
  /// The name of the server object's own connection.
  public static final String ADMIN_NAME = "testkit-admin";

  private static final int UNUSED_PORT = 1;

  private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");
  private static final Pattern NAME = Pattern.compile("\\bname=(\\S*)");

  private final Backend backend;
  private final ClientResources resources =
      DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
  private final RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> admin;

  /// The source of a server.
  interface Backend extends AutoCloseable {
    /// A description for people.
    String origin();

    String url();

    /// The process, if this testkit started it.
    Optional<RedisProcess> process();

    @Override
    void close();
  }

  private record Given(String url) implements Backend {
    @Override
    public String origin() {
      return "TEST_REDIS_URL";
    }

    @Override
    public Optional<RedisProcess> process() {
      return Optional.empty();
    }

    @Override
    public void close() {
      // The server belongs to its operator.
    }
  }

  private RedisServer(Backend backend) {
    this.backend = backend;
    RedisURI uri = RedisURI.create(backend.url());
    uri.setClientName(ADMIN_NAME);
    uri.setTimeout(Duration.ofSeconds(10));
    client = RedisClient.create(resources, uri);
    System.out.println("redis.started origin=" + backend.origin() + " version=" + version());
  }

  /// Starts or finds a Redis; fails without one.
  public static RedisServer start() {
    String given = System.getenv("TEST_REDIS_URL");
    return given == null || given.isBlank()
        ? new RedisServer(findBackend())
        : new RedisServer(new Given(given));
  }

  /// Starts a separate process, which may be paused, killed and restarted.
  public static RedisServer startOwn() {
    return new RedisServer(own(false));
  }

  /// Starts a separate process that keeps its data over a restart.
  public static RedisServer startDurable() {
    return new RedisServer(own(true));
  }

  private static Backend findBackend() {
    return onPath().isEmpty() && dockerAnswers() ? new RedisContainer() : own(false);
  }

  private static RedisProcess own(boolean durable) {
    return RedisProcess.start(binary(), RedisProcess.Program.server(durable, List.of()));
  }

  /// `redis-server` from the PATH, else the bundled one.
  static Path binary() {
    return onPath().orElseGet(RedisProcess::bundled);
  }

  private static Optional<Path> onPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static boolean dockerAnswers() {
    try {
      return RedisContainer.engineAnswers();
    } catch (NoClassDefFoundError _) {
      // Testcontainers is not on the class path.
      return false;
    }
  }

  public String url() {
    return backend.url();
  }

  /// The version, such as `7.0.15`.
  public String version() {
    Matcher version = VERSION.matcher(commands().info("server"));
    return version.find() ? version.group(1) : "unknown";
  }

  /// Commands on the own connection of this object. Only while the server answers.
  public synchronized RedisCommands<String, String> commands() {
    StatefulRedisConnection<String, String> connection = admin;
    if (connection == null) {
      connection = client.connect();
      admin = connection;
    }
    return connection.sync();
  }

  /// The number of connections by name, without the own one; `""` for connections without a name.
  public Map<String, Long> connectionsByName() {
    return commands()
        .clientList()
        .lines()
        .map(RedisServer::name)
        .filter(name -> !name.equals(ADMIN_NAME))
        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
  }

  /// The number of connections with this name.
  public long connections(String name) {
    return connectionsByName().getOrDefault(name, 0L);
  }

  private static String name(String clientLine) {
    Matcher name = NAME.matcher(clientLine);
    return name.find() ? name.group(1) : "";
  }

  /// Suspends the process, as a frozen machine does: connections stay open, nothing answers.
  public void pause() {
    process().pause();
  }

  public void resume() {
    process().resume();
  }

  /// Kills the process, as a crash does. It is down until [#restart].
  public void kill() {
    process().kill();
  }

  /// Kills the process if it runs and starts it again on its port: empty, or with its data if it is
  /// durable.
  public void restart() {
    process().restart();
  }

  /// Copies the data that is now on disk, for [#failOver].
  public void copy() {
    process().copy();
  }

  /// Kills the process and starts it with the copy, as if a lagging replica had taken over.
  public void failOver() {
    process().failOver();
  }

  /// Deletes all data, as an operator's mistake does.
  public void flush() {
    commands().flushall();
  }

  /// Closes every other connection and limits the number of clients.
  public void limitClients(int most) {
    commands().configSet("maxclients", Integer.toString(most));
    commands().clientKill(KillArgs.Builder.typeNormal().skipme(true));
  }

  /// Sets `maxmemory`; 0 removes the limit.
  public void limitMemory(long bytes) {
    commands().configSet("maxmemory", Long.toString(bytes));
  }

  /// Makes the server a read-only replica of an unreachable server, or a primary again.
  public void setReadOnly(boolean readOnly) {
    if (readOnly) {
      commands().replicaof("127.0.0.1", UNUSED_PORT);
    } else {
      commands().replicaofNoOne();
    }
  }

  /// Makes snapshots fail, as on a full disk, so that the server refuses writes (MISCONF); or
  /// reverts this.
  public void failSaves(boolean fail) {
    process().failSaves(fail);
    commands().configSet("save", fail ? "3600 1" : "");
    if (fail) {
      commands().configSet("stop-writes-on-bgsave-error", "yes");
      commands().bgsave();
      Awaitility.await()
          .until(() -> commands().info("persistence").contains("rdb_last_bgsave_status:err"));
    }
  }

  /// Requires a replica, which does not exist, so that the server refuses writes (NOREPLICAS); or
  /// reverts this.
  public void requireReplicas(boolean require) {
    commands().configSet("min-replicas-to-write", require ? "1" : "0");
  }

  /// Ensures that a process of this testkit runs and answers again.
  void restore() {
    backend.process().ifPresent(RedisProcess::restore);
  }

  private RedisProcess process() {
    return backend
        .process()
        .orElseThrow(() ->
            new UnsupportedOperationException(
                "cannot pause or restart " + backend.origin() + ": use startOwn()"));
  }

  @Override
  public synchronized void close() {
    client.shutdown(0, 2, TimeUnit.SECONDS);
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    backend.close();
  }

  /// Describes the connections in `now` that were not in `before`, by name.
  static List<String> beyond(Map<String, Long> before, Map<String, Long> now) {
    return now.entrySet().stream()
        .filter(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0L))
        .map(entry ->
            "'%s': %d, was %d"
                .formatted(
                    entry.getKey(), entry.getValue(), before.getOrDefault(entry.getKey(), 0L)))
        .sorted()
        .toList();
  }
}
