package io.verbatim.record.database;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work with the database that runs on a thread of its own, again and again until it is closed. A
/// failure is logged and ends only the current run.
public final class RepeatedWork implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(RepeatedWork.class);

  /// When the work runs.
  ///
  /// @param first before the first run
  /// @param interval between two runs
  /// @param retry after a run that found the database away
  public record Pauses(Duration first, Duration interval, Duration retry) {

    /// The same pause always.
    public static Pauses every(Duration interval) {
      return new Pauses(interval, interval, interval);
    }
  }

  private final String name;
  private final Pauses pauses;
  private final String failedEvent;
  private final Runnable work;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param name of the thread
  /// @param failedEvent the log event of a run that fails although the database answers
  /// @param work one run; it may block
  public RepeatedWork(String name, Pauses pauses, String failedEvent, Runnable work) {
    this.name = name;
    this.pauses = pauses;
    this.failedEvent = failedEvent;
    this.work = work;
  }

  public void start() {
    Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    Duration pause = pauses.first;
    while (!isClosedAfter(pause)) {
      pause = runOnce();
    }
  }

  private Duration runOnce() {
    try {
      work.run();
    } catch (DatabaseUnavailableException away) {
      logger.debug("database.waiting work={}", name, away);
      return pauses.retry;
    } catch (FailedStatementException failure) {
      logger.warn("{} reason=\"{}\"", failedEvent, failure.getMessage());
    } catch (RuntimeException | LinkageError failure) {
      logger.error(failedEvent, failure);
    }
    return pauses.interval;
  }

  private boolean isClosedAfter(Duration pause) {
    try {
      return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /// Whether the work must end: a long run checks it between its steps.
  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  /// Ends the work after the current run. Does not wait for it.
  @Override
  public void close() {
    closed.countDown();
  }
}
