package io.verbatim.pubsub.testkit;

import java.time.Duration;

/// What a contract test wants of a bus.
///
/// @param audioRetention how much audio nobody has covered is kept of each call
/// @param transcriptRetention how long a call is kept after its end
/// @param lease how long a silent worker keeps its calls
public record BusLimits(Duration audioRetention, Duration transcriptRetention, Duration lease) {
  /// The services' retentions, and a lease short enough to wait for.
  static final BusLimits USUAL =
      new BusLimits(Duration.ofSeconds(60), Duration.ofHours(24), Duration.ofSeconds(1));

  BusLimits withAudioRetention(Duration other) {
    return new BusLimits(other, transcriptRetention, lease);
  }

  BusLimits withTranscriptRetention(Duration other) {
    return new BusLimits(audioRetention, other, lease);
  }

  BusLimits withLease(Duration other) {
    return new BusLimits(audioRetention, transcriptRetention, other);
  }
}
