package io.verbatim.pubsub.testkit;

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

/// A real Redis: the one `TEST_REDIS_URL` names, else `redis-server` from the PATH, else a
/// container where a Docker engine answers, else the binary this module brings along.
///
/// Says once on standard output which one it is. Holds at most one connection of its own, named
/// [#ADMIN_NAME]. Ends only what it started, and that in any case: also when this JVM is killed.
public final class RedisServer implements AutoCloseable {
  /// The name of the server object's own connection.
  public static final String ADMIN_NAME = "testkit-admin";

  private static final int NOBODY_LISTENS_HERE = 1;

  private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");
  private static final Pattern NAME = Pattern.compile("\\bname=(\\S*)");

  private final Backend backend;
  private final ClientResources resources =
      DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
  private final RedisClient client;
  private @Nullable StatefulRedisConnection<String, String> admin;

  /// Where a server comes from.
  interface Backend extends AutoCloseable {
    /// Which one it is, for people.
    String origin();

    String url();

    /// The process, where it is ours to stop and start.
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
      // Somebody else's.
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

  /// Starts or finds a Redis; never answers without one.
  public static RedisServer start() {
    String given = System.getenv("TEST_REDIS_URL");
    return given == null || given.isBlank()
        ? new RedisServer(findBackend())
        : new RedisServer(new Given(given));
  }

  /// Starts a process of our own, whatever else there is: it may be paused, killed and restarted.
  public static RedisServer startOwn() {
    return new RedisServer(own(false));
  }

  /// Starts a process of our own that finds its data again after a restart.
  public static RedisServer startDurable() {
    return new RedisServer(own(true));
  }

  private static Backend findBackend() {
    return onPath().isEmpty() && dockerAnswers() ? new RedisContainer() : own(false);
  }

  private static RedisProcess own(boolean durable) {
    return RedisProcess.start(binary(), RedisProcess.Program.server(durable, List.of()));
  }

  /// `redis-server` from the PATH, else the one this module brings along.
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
      // Whoever runs us left Testcontainers out.
      return false;
    }
  }

  public String url() {
    return backend.url();
  }

  /// Such as `7.0.15`.
  public String version() {
    Matcher version = VERSION.matcher(commands().info("server"));
    return version.find() ? version.group(1) : "unknown";
  }

  /// Any command, on the server object's own connection; not while the server is away.
  public synchronized RedisCommands<String, String> commands() {
    StatefulRedisConnection<String, String> connection = admin;
    if (connection == null) {
      connection = client.connect();
      admin = connection;
    }
    return connection.sync();
  }

  /// How many connections the server counts under each name, without our own; `""` for those that
  /// gave none.
  public Map<String, Long> connectionsByName() {
    return commands()
        .clientList()
        .lines()
        .map(RedisServer::name)
        .filter(name -> !name.equals(ADMIN_NAME))
        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
  }

  /// How many connections the server counts under this name.
  public long connections(String name) {
    return connectionsByName().getOrDefault(name, 0L);
  }

  private static String name(String clientLine) {
    Matcher name = NAME.matcher(clientLine);
    return name.find() ? name.group(1) : "";
  }

  /// Stops the process where it stands, as a frozen machine would: connections stay, nothing
  /// answers.
  public void pause() {
    process().pause();
  }

  public void resume() {
    process().resume();
  }

  /// Ends the process without a word, as a crash would; it stays away until [#restart].
  public void kill() {
    process().kill();
  }

  /// Starts the process again on its port, ending it first where it runs: empty, or with its data
  /// where it is durable.
  public void restart() {
    process().restart();
  }

  /// Keeps a copy of the data as it is on disk now, for [#failOver].
  public void copy() {
    process().copy();
  }

  /// Ends the process without a word and starts it with the copy: what a replica that lagged behind
  /// has when it takes over.
  public void failOver() {
    process().failOver();
  }

  /// Forgets everything at once, as an operator's mistake would.
  public void flush() {
    commands().flushall();
  }

  /// Drops every other connection and takes at most so many from now on.
  public void limitClients(int most) {
    commands().configSet("maxclients", Integer.toString(most));
    commands().clientKill(KillArgs.Builder.typeNormal().skipme(true));
  }

  /// Refuses whatever needs memory beyond so many bytes; 0 takes the limit away.
  public void limitMemory(long bytes) {
    commands().configSet("maxmemory", Long.toString(bytes));
  }

  /// Turns into the replica of a server that is not there, which may only be read, or back.
  public void setReadOnly(boolean readOnly) {
    if (readOnly) {
      commands().replicaof("127.0.0.1", NOBODY_LISTENS_HERE);
    } else {
      commands().replicaofNoOne();
    }
  }

  /// Refuses writes because snapshots fail, as on a full disk (MISCONF), or takes them again.
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

  /// Refuses writes because there is no replica (NOREPLICAS), or takes them again.
  public void requireReplicas(boolean require) {
    commands().configSet("min-replicas-to-write", require ? "1" : "0");
  }

  /// Makes sure that an own process runs and answers again, whatever a test did to it.
  void restore() {
    backend.process().ifPresent(RedisProcess::restore);
  }

  private RedisProcess process() {
    return backend
        .process()
        .orElseThrow(() ->
            new UnsupportedOperationException(
                "only a process of our own can be paused or restarted, not "
                    + backend.origin()
                    + ": use startOwn()"));
  }

  @Override
  public synchronized void close() {
    client.shutdown(0, 2, TimeUnit.SECONDS);
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    backend.close();
  }

  /// Names of connections that are there now and were not before, for people.
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
