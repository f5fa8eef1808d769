package io.verbatim.ingest.call;

import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.AudioLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// What every call session works with.
///
/// @param connected whether the bus answers, from local state
/// @param backlogQuota the limit for what all calls have in the log and no words cover yet
/// @param retransmitPool the memory for stored audio of all calls
/// @param delays runs tasks later on the event loop
public record CallContext(
    AudioLog log,
    BooleanSupplier connected,
    SharedQuota backlogQuota,
    BlockPool retransmitPool,
    Delays delays,
    InstantSource clock,
    RandomGenerator random,
    IngestMetrics metrics,
    CallSettings settings) {

  /// Runs tasks later, on the event loop.
  @FunctionalInterface
  public interface Delays {
    /// Runs the task after the delay, unless the service has stopped by then.
    void after(Duration delay, Runnable task);
  }
}
