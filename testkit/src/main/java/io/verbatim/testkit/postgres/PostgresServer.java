package io.verbatim.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A Postgres server on a free loopback port, in its own directory. Thread-safe; it ends with this
/// process, or when it is closed.
public final class PostgresServer implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private static final int START_ATTEMPTS = 20;

  private final Path data;
  private final int port;
  private volatile EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.data = data;
    this.port = server.getPort();
  }

  /// The server of this process, which is started on first use.
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final PostgresServer SERVER = start();
  }

  /// Starts a server.
  public static PostgresServer start() {
    try {
      Path data = Files.createTempDirectory("postgres-");
      return new PostgresServer(builder(data).start(), data);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Starts a server that keeps its data over [#kill] and [#restart]. The caller closes it.
  public static PostgresServer startDurable() {
    try {
      Path data = Files.createTempDirectory("postgres-");
      return new PostgresServer(builder(data).setCleanDataDirectory(false).start(), data);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static EmbeddedPostgres.Builder builder(Path data) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data.toFile())
        .setPGStartupWait(START_TIMEOUT)
        .setServerConfig("fsync", "off")
        .setServerConfig("shared_buffers", "16MB")
        .setServerConfig("max_connections", "60");
  }

  public int port() {
    return port;
  }

  /// Kills the server's process, as `kill -9` does.
  public void kill() {
    server.getProcess().destroyForcibly().onExit().join();
    stop();
  }

  /// Starts the server again after [#kill], on the same port. The processes of its connections may
  /// still end, and until then it does not start.
  public void restart() {
    IOException failure = new IOException("not started");
    for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      try {
        server = builder(data).setCleanDataDirectory(false).setPort(port).start();
        return;
      } catch (IOException refused) {
        failure = refused;
      }
    }
    throw new UncheckedIOException(failure);
  }

  private void stop() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Stops the server and deletes its directory.
  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The directory of the server's files.
  public Path data() {
    return data;
  }

  /// Creates an empty database.
  public Database create() {
    String name = "record_" + DATABASES.incrementAndGet();
    execute("postgres", "create database " + name);
    return new Database(name);
  }

  private void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + database, "postgres", "postgres");
  }

  /// One database of the server.
  public final class Database {

    private final String name;

    private Database(String name) {
      this.name = name;
    }

    public String name() {
      return name;
    }

    /// The address, as platforms provide it.
    public String url() {
      return url(port());
    }

    /// The address through another port, such as that of a route.
    public String url(int port) {
      return "postgres://postgres:postgres@127.0.0.1:" + port + "/" + name;
    }

    /// A connection, which the caller closes.
    public Connection connect() throws SQLException {
      return PostgresServer.this.connect(name);
    }

    public void execute(String sql) {
      PostgresServer.this.execute(name, sql);
    }

    /// Ends every other connection to this database, as a restart of the server does.
    public void disconnectAll() {
      execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
              + name
              + "' and pid <> pg_backend_pid()");
    }
  }
}
