package io.verbatim.record.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.verbatim.service.EventLoop;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections to the database, at most [#MAX_CONNECTIONS].
///
/// A gateway starts and runs without its database. A thread of this class migrates the schema and
/// then checks the connection, with growing pauses while the database does not answer. Meanwhile
/// every request fails at once with [DatabaseUnavailableException], so that no request waits for a
/// timeout. Thread-safe.
public final class Database implements AutoCloseable {

  /// Few, because small database plans allow few, and a gateway needs few.
  public static final int MAX_CONNECTIONS = 5;

  private static final Logger logger = LoggerFactory.getLogger(Database.class);

  /// Requests of clients that run at a time. The other connections belong to work in the
  /// background.
  private static final int REQUEST_THREADS = 3;

  private static final int MAX_WAITING = 128;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration MIN_PAUSE = Duration.ofMillis(500);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(15);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

  /// A frozen gateway must not hold locks that other gateways wait for.
  private static final String POSTGRES_LIMITS =
      "set lock_timeout = '5s'; set statement_timeout = '15s';"
          + " set idle_in_transaction_session_timeout = '60s'";

  private final DatabaseUrl url;
  private final EventLoop loop;
  private final JavaMigration[] migrations;
  private final HikariDataSource pool;
  private final ThreadPoolExecutor requests;
  private final Semaphore check = new Semaphore(0);
  private final Thread supervisor;
  private volatile boolean connected;
  private volatile long awaySinceNanos = System.nanoTime();
  private volatile boolean closed;

  private Database(DatabaseUrl url, EventLoop loop, JavaMigration[] migrations) {
    this.url = url;
    this.loop = loop;
    this.migrations = migrations;
    this.pool = pool(url);
    this.requests =
        new ThreadPoolExecutor(
            REQUEST_THREADS,
            REQUEST_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofVirtual().name("database-", 0).factory());
    requests.allowCoreThreadTimeOut(true);
    this.supervisor = Thread.ofVirtual().name("database-supervisor").unstarted(this::supervise);
  }

  /// Opens the database in the background.
  ///
  /// @param loop where the stages of [#request] complete
  /// @param migrations those that are not SQL
  public static Database open(DatabaseUrl url, EventLoop loop, JavaMigration... migrations) {
    Database database = new Database(url, loop, migrations.clone());
    database.supervisor.start();
    return database;
  }

  private static HikariDataSource pool(DatabaseUrl url) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("record");
    config.setJdbcUrl(url.jdbcUrl().value());
    if (url.user() != null) {
      config.setUsername(url.user());
      config.setPassword(url.password().value());
    }
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setMinimumIdle(0);
    config.setIdleTimeout(TimeUnit.MINUTES.toMillis(1));
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    config.setValidationTimeout(CONNECT_TIMEOUT.toMillis() / 2);
    config.setInitializationFailTimeout(-1);
    config.setThreadFactory(Thread.ofVirtual().name("database-pool-", 0).factory());
    if (url.dialect() == Dialect.POSTGRES) {
      config.setConnectionInitSql(POSTGRES_LIMITS);
      config.addDataSourceProperty("tcpKeepAlive", "true");
      config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT.toSeconds());
      config.addDataSourceProperty("loginTimeout", CONNECT_TIMEOUT.toSeconds());
      config.addDataSourceProperty("socketTimeout", READ_TIMEOUT.toSeconds());
      config.addDataSourceProperty("reWriteBatchedInserts", "true");
    }
    return new HikariDataSource(config);
  }

  public Dialect dialect() {
    return url.dialect();
  }

  /// Whether the schema is current and the database answered last time. Reads local state only.
  public boolean isConnected() {
    return connected;
  }

  /// One line for operators while the database does not answer. Reads local state only.
  public Optional<String> problem() {
    return connected
        ? Optional.empty()
        : Optional.of(
            "database: not connected for %d s"
                .formatted(Duration.ofNanos(System.nanoTime() - awaySinceNanos).toSeconds()));
  }

  /// The connections in use.
  public int activeConnections() {
    var bean = pool.getHikariPoolMXBean();
    return bean == null ? 0 : bean.getActiveConnections();
  }

  /// Runs a client's request in one transaction, on a thread of this class. The stage completes on
  /// the event loop. Fails with [DatabaseUnavailableException] if the database does not answer or
  /// too many requests wait.
  public <T> CompletionStage<T> request(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (!connected) {
      result.completeExceptionally(away(null));
      return result;
    }
    try {
      requests.execute(() -> {
        try {
          T value = transact(work);
          loop.execute(() -> result.complete(value));
        } catch (RuntimeException | LinkageError failure) {
          loop.execute(() -> result.completeExceptionally(failure));
        }
      });
    } catch (RejectedExecutionException full) {
      result.completeExceptionally(
          new DatabaseUnavailableException("too many requests wait for the database", full));
    }
    return result;
  }

  /// Runs work in one transaction on the calling thread, which must be allowed to block. Rolls back
  /// if the work fails.
  ///
  /// @throws DatabaseUnavailableException if the database does not answer
  /// @throws FailedStatementException if the database refused a statement
  public <T> T transact(Work<T> work) {
    if (!connected) {
      throw away(null);
    }
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | LinkageError failure) {
        rollBack(connection);
        throw failure;
      }
    } catch (SQLException failure) {
      if (isOutage(failure)) {
        noteOutage(failure);
        throw away(failure);
      }
      throw new FailedStatementException(failure);
    }
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException broken) {
      logger.debug("database.rollback_failed", broken);
    }
  }

  private static DatabaseUnavailableException away(@Nullable Throwable cause) {
    return new DatabaseUnavailableException("the database does not answer", cause);
  }

  /// Whether the failure concerns the connection or the server, not the statement. A Postgres that
  /// starts or stops answers 57P01 to 57P03, one that is full 53xxx, and one that became a standby
  /// 25006; H2 reports a closed database as 90xxx.
  private static boolean isOutage(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof java.sql.SQLTransientConnectionException
        || failure instanceof java.sql.SQLNonTransientConnectionException
        || failure instanceof java.sql.SQLRecoverableException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("25006")
        || state.startsWith("900")
        || state.startsWith("901");
  }

  private void noteOutage(SQLException failure) {
    synchronized (this) {
      if (!connected || closed) {
        return;
      }
      connected = false;
      awaySinceNanos = System.nanoTime();
    }
    logger.warn("database.away reason=\"{}\"", reason(failure));
    check.release();
  }

  private static String reason(Throwable failure) {
    return failure instanceof SQLException sql
        ? failure.getClass().getSimpleName() + " " + sql.getSQLState()
        : failure.getClass().getSimpleName();
  }

  /// Migrates, then checks the connection: at once after an outage, and else at intervals, so that
  /// an outage is noticed without requests.
  private void supervise() {
    boolean migrated = false;
    Duration pause = MIN_PAUSE;
    String reported = "";
    while (!closed) {
      try {
        if (!migrated) {
          migrate();
          migrated = true;
        }
        probe();
        connected();
        pause = MIN_PAUSE;
        reported = "";
        awaitCheck(CHECK_INTERVAL);
      } catch (SQLException | FlywayException failure) {
        if (failure instanceof SQLException sql) {
          noteOutage(sql);
        }
        String reason = reason(failure);
        if (!reason.equals(reported) && !closed) {
          reported = reason;
          logger.warn("database.unavailable reason=\"{}\" action=\"trying again\"", reason);
          logger.debug("database.unavailable", failure);
        }
        awaitCheck(jittered(pause));
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
      }
    }
  }

  private static Duration jittered(Duration pause) {
    return Duration.ofNanos(
        ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos() + 1));
  }

  private void awaitCheck(Duration atMost) {
    try {
      if (check.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        check.drainPermits();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void probe() throws SQLException {
    try (Connection connection = pool.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  private void connected() {
    synchronized (this) {
      if (connected || closed) {
        return;
      }
      connected = true;
    }
    logger.info(
        "database.connected kind={}", url.dialect().name().toLowerCase(java.util.Locale.ROOT));
  }

  /// Migrates with a connection of its own, because a migration may take longer than a request.
  private void migrate() {
    String location = "classpath:io/verbatim/record/database/";
    String own = url.dialect() == Dialect.POSTGRES ? "postgres" : "h2";
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(
            url.jdbcUrl().value(), url.user(), url.user() == null ? null : url.password().value())
        .locations(location + "common", location + own)
        .javaMigrations(migrations)
        .table("record_schema_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
  }

  /// Closes all connections. Running requests fail.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      connected = false;
    }
    supervisor.interrupt();
    requests.shutdownNow();
    pool.close();
  }
}
