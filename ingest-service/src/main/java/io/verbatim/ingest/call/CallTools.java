package io.verbatim.ingest.call;

import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.AudioLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// What every live call works with.
///
/// @param unread the bound on what all calls have in the log
/// @param timer one thread for all calls; whoever made it shuts it down
public record CallTools(
    AudioLog log,
    UnreadAudio unread,
    ScheduledExecutorService timer,
    InstantSource clock,
    RandomGenerator random,
    IngestMetrics metrics,
    CallSettings settings) {

  /// Does something after a delay, unless the service has stopped by then.
  void later(Duration delay, Runnable what) {
    try {
      var _ = timer.schedule(what, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The service has stopped: what is not in the log by now will not get there.
    }
  }
}
