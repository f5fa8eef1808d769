package io.verbatim.gateway.hub;

import io.verbatim.gateway.metrics.GatewayMetrics;
import java.util.LinkedHashMap;
import java.util.Map;

/// Bounds the bytes of all encoded lines in memory. The least recently used lines are released and
/// read from the log again on demand. Confined to the event loop.
final class FeedMemory {

  /// Lines that can be read again.
  @FunctionalInterface
  interface Holder {

    /// Drops all lines. The memory has already removed the holder.
    void release();
  }

  private final long limit;
  private final GatewayMetrics metrics;

  /// The least recently used first.
  private final Map<Holder, Long> held = new LinkedHashMap<>(16, 0.75f, true);

  private long bytes;

  /// @param limit for the bytes of all holders
  FeedMemory(long limit, GatewayMetrics metrics) {
    this.limit = limit;
    this.metrics = metrics;
  }

  /// Sets the bytes of a holder and marks it as used. Releases the least recently used holders
  /// until all fit; the last one released is this holder itself.
  void set(Holder holder, long size) {
    remove(holder);
    if (size > 0) {
      held.put(holder, size);
      bytes += size;
    }
    while (bytes > limit) {
      Holder oldest = held.keySet().iterator().next();
      remove(oldest);
      metrics.feedReleased();
      oldest.release();
    }
    metrics.feedBytes(bytes);
  }

  /// Marks a holder as used.
  void use(Holder holder) {
    held.get(holder);
  }

  /// Removes a holder that dropped its lines.
  void remove(Holder holder) {
    Long size = held.remove(holder);
    if (size != null) {
      bytes -= size;
      metrics.feedBytes(bytes);
    }
  }
}
