package io.verbatim.pubsub.redis;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Estimates the server's time from its answers to TIME. Confined to the event loop.
///
/// The answer is assumed to be of the middle of its round trip. Of the last answers, the one with
/// the shortest round trip is used, because its error is the smallest: at most half that time.
final class ServerClock {
  private static final int SAMPLES = 8;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private record Sample(long roundTripNanos, long offsetNanos) {}

  private final Deque<Sample> samples = new ArrayDeque<>();
  private @Nullable Sample best;

  /// Records an answer.
  ///
  /// @param askedNanos local monotonic time of the request
  /// @param answeredNanos local monotonic time of the answer
  void record(long askedNanos, long answeredNanos, long serverMicros) {
    if (samples.size() == SAMPLES) {
      samples.removeFirst();
    }
    long roundTrip = answeredNanos - askedNanos;
    long offset = serverMicros * NANOS_PER_MICRO - askedNanos - roundTrip / 2;
    samples.addLast(new Sample(roundTrip, offset));
    best = samples.stream().min(Comparator.comparingLong(Sample::roundTripNanos)).orElseThrow();
  }

  /// Forgets the answers, because another server may have another time.
  void reset() {
    samples.clear();
    best = null;
  }

  /// The server's time in epoch milliseconds; empty before the first answer.
  OptionalLong millis(long nowNanos) {
    return best == null
        ? OptionalLong.empty()
        : OptionalLong.of((nowNanos + best.offsetNanos()) / NANOS_PER_MILLI);
  }
}
