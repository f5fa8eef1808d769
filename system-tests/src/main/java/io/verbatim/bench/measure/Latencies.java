package io.verbatim.bench.measure;

import java.util.Locale;

/// A histogram of durations from 1 ns to 275 s with a resolution of 1.6 %. Thread-safe.
public final class Latencies {
  private static final int SUB_BUCKET_BITS = 6;
  private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
  private static final int LARGEST_BITS = 38;

  private final long[] counts = new long[(LARGEST_BITS - SUB_BUCKET_BITS + 2) * SUB_BUCKETS];
  private long size;
  private long max;

  /// Records one duration. Negative durations count as 0.
  public synchronized void record(long nanos) {
    long value = Math.clamp(nanos, 0, (1L << LARGEST_BITS) - 1);
    counts[bucket(value)]++;
    size++;
    max = Math.max(max, value);
  }

  /// Adds all recorded durations of another histogram.
  public void add(Latencies other) {
    long[] theirs;
    long theirSize;
    long theirMax;
    synchronized (other) {
      theirs = other.counts.clone();
      theirSize = other.size;
      theirMax = other.max;
    }
    synchronized (this) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += theirs[i];
      }
      size += theirSize;
      max = Math.max(max, theirMax);
    }
  }

  public synchronized long size() {
    return size;
  }

  public synchronized double maxMillis() {
    return size == 0 ? Double.NaN : max / 1e6;
  }

  /// The percentile `share` (0 to 1) in milliseconds; NaN if empty.
  public synchronized double percentileMillis(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(share * size));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.min(upperBound(i), max) / 1e6;
      }
    }
    return max / 1e6;
  }

  /// `p50 / p99 / p99.9 / max` in milliseconds.
  public String summary() {
    if (size() == 0) {
      return "–";
    }
    return String.format(
        Locale.ROOT,
        "%s / %s / %s / %s",
        Numbers.millis(percentileMillis(0.50)),
        Numbers.millis(percentileMillis(0.99)),
        Numbers.millis(percentileMillis(0.999)),
        Numbers.millis(maxMillis()));
  }

  private static int bucket(long value) {
    if (value < SUB_BUCKETS) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BUCKET_BITS;
    return (shift + 1) * SUB_BUCKETS + (int) ((value >>> shift) - SUB_BUCKETS);
  }

  private static long upperBound(int bucket) {
    if (bucket < SUB_BUCKETS) {
      return bucket;
    }
    int shift = bucket / SUB_BUCKETS - 1;
    return ((long) (bucket % SUB_BUCKETS + SUB_BUCKETS + 1) << shift) - 1;
  }
}
