package io.verbatim.tokens.client;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How much each address may ask: so many times a second, and what it has not used for a while at
/// once.
///
/// An IPv6 client owns its whole /64, so that counts as one address. Only the addresses heard last
/// are remembered; one that is forgotten begins anew. For use by any thread.
public final class AddressAllowance {
  private static final int MOST_ADDRESSES = 10_000;
  private static final int IDENTIFYING_BYTES = 8;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double most;
  private final LongSupplier nanos;
  private final Map<ByteBuffer, Left> addresses =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Left> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /// What an address had left at a time.
  private record Left(double times, long at) {}

  /// @param perSecond how often, in the long run
  /// @param burstSeconds for how many seconds' worth an address that was quiet may ask at once
  /// @param nanos a monotonic clock
  public AddressAllowance(int perSecond, int burstSeconds, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.most = (double) perSecond * burstSeconds;
    this.nanos = nanos;
  }

  /// Takes one time from what the address has left; false where nothing is.
  public synchronized boolean take(InetAddress address) {
    long now = nanos.getAsLong();
    ByteBuffer key = key(address);
    Left before = addresses.getOrDefault(key, new Left(most, now));
    double left =
        Math.min(most, before.times() + (now - before.at()) / NANOS_PER_SECOND * perSecond);
    boolean enough = left >= 1;
    addresses.put(key, new Left(enough ? left - 1 : left, now));
    return enough;
  }

  /// How many addresses are remembered.
  synchronized int size() {
    return addresses.size();
  }

  private static ByteBuffer key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(bytes.length, IDENTIFYING_BYTES)));
  }
}
