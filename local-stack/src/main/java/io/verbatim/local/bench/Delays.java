package io.verbatim.local.bench;

import java.util.Arrays;

/// Delays in nanoseconds, every one kept; thread-safe. Beyond its capacity it counts no more.
final class Delays {
  private final long[] nanos;
  private int size;

  Delays(int capacity) {
    nanos = new long[capacity];
  }

  synchronized void add(long delay) {
    if (size < nanos.length) {
      nanos[size++] = delay;
    }
  }

  synchronized int size() {
    return size;
  }

  /// The delay in milliseconds that this share of all stays below.
  synchronized double percentileMillis(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(size - 1L, (long) (share * size))] / 1e6;
  }
}
