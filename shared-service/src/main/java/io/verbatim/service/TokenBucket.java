package io.verbatim.service;

/// A token bucket: it fills at a rate up to its capacity, and each use takes tokens.
///
/// A use may take more than there is; then the bucket is negative until it has filled up again.
/// Times are monotonic, in nanoseconds. Values in, values out; not thread-safe.
public final class TokenBucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double capacity;
  private double tokens;
  private long lastNanos;

  /// @param initial the tokens at the start
  public TokenBucket(double perSecond, double capacity, double initial, long nanos) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    tokens = initial;
    lastNanos = nanos;
  }

  /// The tokens in the bucket.
  public double available(long nanos) {
    tokens = Math.min(capacity, tokens + (nanos - lastNanos) / NANOS_PER_SECOND * perSecond);
    lastNanos = nanos;
    return tokens;
  }

  /// Takes tokens, whether or not there are enough. Returns the remaining tokens.
  public double take(double amount, long nanos) {
    tokens = available(nanos) - amount;
    return tokens;
  }
}
