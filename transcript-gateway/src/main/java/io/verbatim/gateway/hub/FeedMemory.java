package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import java.util.LinkedHashMap;
import java.util.Map;

/// Bounds the bytes of all encoded lines in memory. What was used least recently is released; it is
/// read from the log again on demand. Confined to the event loop.
final class FeedMemory {

  /// Lines that can be read again.
  @FunctionalInterface
  interface Holder {

    /// Drops all lines. Called by the memory, which has already forgotten them.
    void release();
  }

  private final long limit;
  private final GatewayMetrics metrics;

  /// The least recently used first.
  private final Map<Holder, Long> held = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /// @param limit of all holders' bytes
  FeedMemory(long limit, GatewayMetrics metrics) {
    this.limit = limit;
    this.metrics = metrics;
  }

  /// Notes how much a holder has now, as its most recent use. Others are released until all fit,
  /// and at last the holder itself.
  void hold(Holder holder, long size) {
    forget(holder);
    if (size > 0) {
      held.put(holder, size);
      bytes += size;
    }
    while (bytes > limit) {
      Holder oldest = held.keySet().iterator().next();
      forget(oldest);
      metrics.feedReleased();
      oldest.release();
    }
    metrics.feedBytes(bytes);
  }

  /// Notes that a holder is in use.
  void use(Holder holder) {
    held.get(holder);
  }

  /// Forgets a holder that dropped its lines.
  void forget(Holder holder) {
    Long size = held.remove(holder);
    if (size != null) {
      bytes -= size;
      metrics.feedBytes(bytes);
    }
  }
}
