package io.verbatim.record.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rows that are written in batches on a thread of this class, so that [#add] never waits. They
/// wait in memory while the database is away, up to a limit; further ones are dropped. Thread-safe.
///
/// @param <T> a row
public final class BufferedWrites<T> implements AutoCloseable {

  /// Inserts rows in the transaction of the connection.
  @FunctionalInterface
  public interface Insert<T> {

    /// Inserts all rows.
    ///
    /// @param batch names these rows: a repetition after an unknown outcome has the same name and
    ///   rows. At most 40 characters
    void into(Connection connection, String batch, List<T> rows) throws SQLException;
  }

  private static final Logger logger = LoggerFactory.getLogger(BufferedWrites.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final int BATCH = 500;

  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final List<T> batch = new ArrayList<>();
  private String batchName = "";
  private final AtomicInteger size = new AtomicInteger();
  private final String name;
  private final Database database;
  private final int limit;
  private final Insert<T> insert;
  private final Runnable onDropped;
  private final RepeatedWork writing;

  /// @param name of the rows, in log events
  /// @param limit rows in memory
  /// @param onDropped called for each dropped row, on any thread; must not block
  public BufferedWrites(
      String name, Database database, int limit, Insert<T> insert, Runnable onDropped) {
    this.name = name;
    this.database = database;
    this.limit = limit;
    this.insert = insert;
    this.onDropped = onDropped;
    this.writing =
        new RepeatedWork(
            name, RepeatedWork.Pauses.every(INTERVAL), "rows.write_failed", this::write);
  }

  public void start() {
    writing.start();
  }

  /// Adds a row, or drops it if [#size] has reached the limit. Never blocks.
  public void add(T row) {
    if (size.incrementAndGet() > limit) {
      size.decrementAndGet();
      onDropped.run();
    } else {
      waiting.add(row);
    }
  }

  /// The rows that are not written yet.
  public int size() {
    return size.get();
  }

  /// Writes all waiting rows. A batch stays in memory until its transaction is committed.
  private synchronized void write() {
    while (true) {
      if (batch.isEmpty()) {
        fill();
      }
      if (batch.isEmpty()) {
        return;
      }
      try {
        write(batchName, List.copyOf(batch));
      } catch (FailedStatementException failure) {
        if (!isBadData(failure)) {
          throw failure;
        }
        for (int row = 0; row < batch.size(); row++) {
          writeAlone(batchName + row, batch.get(row));
        }
      }
      size.addAndGet(-batch.size());
      batch.clear();
    }
  }

  private void fill() {
    batchName = UUID.randomUUID().toString();
    while (batch.size() < BATCH) {
      T row = waiting.poll();
      if (row == null) {
        return;
      }
      batch.add(row);
    }
  }

  private boolean write(String name, List<T> rows) {
    return database.transact(connection -> {
      insert.into(connection, name, rows);
      return true;
    });
  }

  /// Drops a row that the database refuses, so that it does not keep others waiting.
  private void writeAlone(String name, T row) {
    try {
      write(name, List.of(row));
    } catch (FailedStatementException failure) {
      onDropped.run();
      logger.warn("row.dropped kind={} reason=\"{}\"", this.name, failure.getMessage());
    }
  }

  /// Whether a repetition would fail again: the state is a data exception or a constraint.
  private static boolean isBadData(FailedStatementException failure) {
    return failure.state().startsWith("22") || failure.state().startsWith("23");
  }

  /// Writes what waits, if the database answers. Waits for it at most [#CLOSE_TIMEOUT].
  @Override
  public void close() {
    writing.close();
    Thread last = Thread.ofVirtual().name(name + "-last").start(this::writeLast);
    try {
      if (!last.join(CLOSE_TIMEOUT)) {
        logger.debug("rows.close_timed_out kind={}", name);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (size() > 0) {
      logger.warn("rows.lost kind={} count={}", name, size());
    }
  }

  private void writeLast() {
    try {
      write();
    } catch (DatabaseUnavailableException | FailedStatementException failure) {
      logger.debug("rows.close_failed kind={}", name, failure);
    }
  }
}
