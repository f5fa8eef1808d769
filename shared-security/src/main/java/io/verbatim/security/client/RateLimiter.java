package io.verbatim.security.client;

import io.verbatim.service.TokenBucket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Limits the requests of each client address: a rate in the long run, and a burst after a quiet
/// period.
///
/// An IPv6 client owns its whole /64, so a /64 counts as one address. The 10,000 most recently used
/// addresses are remembered; a forgotten address starts with a full bucket. Thread-safe.
public final class RateLimiter {
  private static final int MAX_ADDRESSES = 10_000;
  private static final int PREFIX_BYTES = 8;

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanos;
  private final Map<ByteBuffer, TokenBucket> addresses =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, TokenBucket> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  /// @param perSecond requests per second in the long run
  /// @param burstSeconds the burst, in seconds of that rate
  /// @param nanos a monotonic clock
  public RateLimiter(int perSecond, int burstSeconds, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.burst = (double) perSecond * burstSeconds;
    this.nanos = nanos;
  }

  /// Takes one request from the address's bucket; false if the bucket is empty.
  public synchronized boolean tryAcquire(InetAddress address) {
    long now = nanos.getAsLong();
    TokenBucket bucket =
        addresses.computeIfAbsent(key(address), _ -> new TokenBucket(perSecond, burst, burst, now));
    boolean allowed = bucket.available(now) >= 1;
    if (allowed) {
      bucket.take(1, now);
    }
    return allowed;
  }

  /// The number of remembered addresses.
  synchronized int size() {
    return addresses.size();
  }

  private static ByteBuffer key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(bytes.length, PREFIX_BYTES)));
  }
}
