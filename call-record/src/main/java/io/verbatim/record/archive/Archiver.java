package io.verbatim.record.archive;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.DatabaseUnavailableException;
import io.verbatim.record.database.FailedStatementException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Archives calls that have ended, on one thread of its own.
///
/// The gateway reports each call that it sees end. In addition the archiver compares the log's
/// directory with the archive: at the start, after an outage, and at intervals. So a call that no
/// gateway reported, or that ended while the database was away, is found for as long as the log
/// keeps it. The database is never on the path of a live word: while it is away, nothing waits.
public final class Archiver implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Archiver.class);
  private static final int MAX_REPORTED = 1_000;
  private static final int SWEEP_PAGE = 500;
  private static final Duration IDLE = Duration.ofMillis(250);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Bus bus;
  private final Archive archive;
  private final Database database;
  private final Duration interval;
  private final InstantSource clock;
  private final ArchiveMetrics metrics;
  private final LogPages log;
  private final LinkedBlockingQueue<CallRecord> reported = new LinkedBlockingQueue<>(MAX_REPORTED);
  private final Thread thread;
  private @Nullable Instant nextSweep;
  private boolean wasReady;
  private volatile boolean closed;

  /// @param interval between two comparisons of the log with the archive
  public Archiver(
      Bus bus,
      Archive archive,
      Database database,
      Duration interval,
      InstantSource clock,
      ArchiveMetrics metrics) {
    this.bus = bus;
    this.archive = archive;
    this.database = database;
    this.interval = interval;
    this.clock = clock;
    this.metrics = metrics;
    this.log = new LogPages(bus.transcripts());
    this.thread = Thread.ofVirtual().name("archiver").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /// Reports a call that has ended. Never blocks; a call that does not fit the queue is found by
  /// the next comparison.
  public void ended(CallRecord call) {
    if (!reported.offer(call)) {
      logger.debug("archive.queue_full callId={}", call.call());
    }
  }

  private void run() {
    while (!closed) {
      try {
        step();
      } catch (DatabaseUnavailableException | BusUnavailableException away) {
        wasReady = false;
        logger.debug("archive.waiting", away);
      } catch (RuntimeException | LinkageError failure) {
        logger.error("archive.failed", failure);
      }
    }
  }

  private void step() {
    CallRecord next = next();
    boolean ready = database.isConnected() && !(bus.health() instanceof BusHealth.Away);
    if (!ready) {
      wasReady = false;
      return;
    }
    if (!wasReady) {
      wasReady = true;
      nextSweep = null;
    }
    if (next != null) {
      archive(next);
    }
    if (isDue(nextSweep)) {
      sweep();
      nextSweep = clock.instant().plus(interval);
    }
  }

  private @Nullable CallRecord next() {
    try {
      return reported.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closed = true;
      return null;
    }
  }

  private boolean isDue(@Nullable Instant time) {
    return !closed && (time == null || !clock.instant().isBefore(time));
  }

  /// Archives one call. A failure that concerns only this call is counted, and the call is tried
  /// again at the next comparison.
  private void archive(CallRecord call) {
    try {
      ArchiveOutcome outcome = archive.archive(call, log);
      if (outcome == ArchiveOutcome.ARCHIVED) {
        metrics.archived();
        logger.info("call.archived callId={}", call.call());
      }
    } catch (FailedStatementException
        | IllegalArgumentException
        | BusUnavailableException failure) {
      if (bus.health() instanceof BusHealth.Away) {
        throw failure;
      }
      metrics.failed();
      logger.warn("call.archive_failed callId={} reason=\"{}\"", call.call(), failure.getMessage());
    }
  }

  /// Compares the log's directory with the archive, newest activity first. A call that becomes
  /// active meanwhile moves to the front; it is live, or it was reported.
  private void sweep() {
    for (int from = 0; !closed; from += SWEEP_PAGE) {
      Map<CallId, Instant> page = LogPages.await(bus.calls().activity(from, SWEEP_PAGE));
      for (CallId id : archive.unknown(page).keySet()) {
        Optional<CallRecord> call = LogPages.await(bus.calls().find(id));
        call.filter(found -> found.state() == CallRecord.State.ENDED).ifPresent(this::archive);
      }
      if (page.size() < SWEEP_PAGE) {
        return;
      }
    }
  }

  /// Stops the thread after the transaction that runs. Waits for it at most [#CLOSE_TIMEOUT].
  @Override
  public void close() {
    closed = true;
    try {
      if (!thread.join(CLOSE_TIMEOUT)) {
        logger.debug("archive.close_timed_out");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
