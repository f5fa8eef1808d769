package io.verbatim.pubsub.contract;

import java.time.Duration;

/// The limits of a bus in a contract test.
///
/// @param audioRetention how much uncovered audio of each call is kept
/// @param transcriptRetention how long a call is kept after its end
/// @param lease how long a silent worker keeps its calls
public record BusLimits(Duration audioRetention, Duration transcriptRetention, Duration lease) {
  /// The services' retentions, and a lease that is short enough to wait for.
  public static final BusLimits USUAL =
      new BusLimits(Duration.ofSeconds(60), Duration.ofHours(24), Duration.ofSeconds(1));

  public BusLimits withAudioRetention(Duration other) {
    return new BusLimits(other, transcriptRetention, lease);
  }

  public BusLimits withTranscriptRetention(Duration other) {
    return new BusLimits(audioRetention, other, lease);
  }

  public BusLimits withLease(Duration other) {
    return new BusLimits(audioRetention, transcriptRetention, other);
  }
}
