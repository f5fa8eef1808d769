package io.verbatim.pubsub.testkit;

import java.time.Duration;

/// What a contract test wants of a bus.
///
/// @param audioRetention how much audio nobody has covered is kept of each call
/// @param lease how long a silent worker keeps its calls
public record BusLimits(Duration audioRetention, Duration lease) {
  /// The services' retention, and a lease short enough to wait for.
  static final BusLimits USUAL = new BusLimits(Duration.ofSeconds(60), Duration.ofSeconds(1));

  BusLimits withLease(Duration other) {
    return new BusLimits(audioRetention, other);
  }

  BusLimits withAudioRetention(Duration other) {
    return new BusLimits(other, lease);
  }
}
