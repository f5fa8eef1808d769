package io.verbatim.ingest.handshake;

import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.ingest.metrics.IngestMetrics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts refused handshakes and logs each cause at most once a minute, with how many there were:
/// who knocks in vain must not fill the log. There are only so many causes. For use by any thread.
public final class Refusals {
  private static final Logger logger = LoggerFactory.getLogger(Refusals.class);
  private static final long INTERVAL_MILLIS = 60_000;

  private final Map<String, Unlogged> causes = new HashMap<>();
  private final IngestMetrics metrics;
  private final InstantSource clock;

  public Refusals(IngestMetrics metrics, InstantSource clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  private record Unlogged(long count, long nextMillis) {}

  void note(Rejected rejected) {
    metrics.refusedHandshake(rejected.code());
    long count = due(rejected.code());
    if (count > 0) {
      logger.warn(
          "handshake.refused status={} reason={} count={}",
          rejected.status(),
          rejected.code(),
          count);
    }
  }

  /// How many are to be logged now; 0 where the cause was logged a short while ago.
  private synchronized long due(String cause) {
    long now = clock.millis();
    Unlogged unlogged = causes.getOrDefault(cause, new Unlogged(0, now));
    long count = unlogged.count() + 1;
    boolean due = now >= unlogged.nextMillis();
    causes.put(
        cause,
        due ? new Unlogged(0, now + INTERVAL_MILLIS) : new Unlogged(count, unlogged.nextMillis()));
    return due ? count : 0;
  }
}
