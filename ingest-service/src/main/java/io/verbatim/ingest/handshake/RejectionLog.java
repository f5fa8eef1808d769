package io.verbatim.ingest.handshake;

import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.security.http.Problem;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts rejected handshakes and requests, and logs each reason at most once a minute with the
/// count since the last line, so that clients cannot flood the log. The set of reasons is fixed.
/// Confined to the event loop.
public final class RejectionLog {
  private static final Logger logger = LoggerFactory.getLogger(RejectionLog.class);
  private static final long INTERVAL_MILLIS = 60_000;

  private final Map<String, Unlogged> reasons = new HashMap<>();
  private final IngestMetrics metrics;
  private final InstantSource clock;

  public RejectionLog(IngestMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  private record Unlogged(long count, long nextMillis) {}

  void record(Problem problem) {
    metrics.handshakeRejected(problem.code());
    long count = countToLog(problem.code());
    if (count > 0) {
      logger.warn(
          "handshake.rejected status={} reason={} count={}",
          problem.status(),
          problem.code(),
          count);
    }
  }

  /// Adds one rejection. Returns the count to log; 0 if the reason was logged within a minute.
  private long countToLog(String reason) {
    long now = clock.millis();
    Unlogged unlogged = reasons.getOrDefault(reason, new Unlogged(0, now));
    long count = unlogged.count() + 1;
    boolean due = now >= unlogged.nextMillis();
    reasons.put(
        reason,
        due ? new Unlogged(0, now + INTERVAL_MILLIS) : new Unlogged(count, unlogged.nextMillis()));
    return due ? count : 0;
  }
}
