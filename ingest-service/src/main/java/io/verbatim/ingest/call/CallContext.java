package io.verbatim.ingest.call;

import io.verbatim.ingest.metrics.IngestMetrics;
import io.verbatim.pubsub.AudioLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// The shared dependencies of all call sessions.
///
/// @param connected whether the bus is connected, from local state
/// @param backlogQuota the limit on audio in the log that no final covers yet, for all calls
/// @param retransmitPool the memory for the stored audio of all calls
/// @param delays runs tasks later on the event loop
public record CallContext(
    AudioLog log,
    BooleanSupplier connected,
    BacklogQuota backlogQuota,
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
