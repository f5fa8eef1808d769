package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.ProtocolViolation;
import java.util.List;
import java.util.function.Consumer;

/// Finds the finals that a session has lost: finals and interims follow one another without a hole,
/// so that words above `covered` show that the final before them was dropped, or was unreadable.
/// Each answer counts the loss: ask once, then act on it. Values in, values out.
public final class MissingFinals {
  private final List<ChannelTranscript> channels;
  private final long tolerance;
  private final Consumer<ProtocolViolation> violations;

  /// @param tolerance the bytes by which a final may start above `covered`
  MissingFinals(
      List<ChannelTranscript> channels, long tolerance, Consumer<ProtocolViolation> violations) {
    this.channels = channels;
    this.tolerance = tolerance;
    this.violations = violations;
  }

  /// Whether a final is waited for, because one behind it has arrived.
  public boolean areAwaited() {
    return channels.stream().anyMatch(channel -> !channel.early().isEmpty());
  }

  /// Whether a final is missing that was waited for long enough.
  ///
  /// @param nowNanos monotonic
  public MissingFinal find(long nowNanos) {
    for (ChannelTranscript channel : channels) {
      MissingFinal missing =
          channel
              .early()
              .missing(channel.covered(), coveredBeside(channel), EarlyFinals.MAX_WAIT, nowNanos);
      if (!(missing instanceof MissingFinal.None)) {
        violations.accept(ProtocolViolation.MISSING);
        return missing;
      }
    }
    return new MissingFinal.None();
  }

  private long coveredBeside(ChannelTranscript channel) {
    return channels.stream()
        .filter(other -> other != channel)
        .mapToLong(ChannelTranscript::covered)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /// Whether a final is missing, where no more results follow.
  public MissingFinal findAtEnd() {
    for (ChannelTranscript channel : channels) {
      long next = channel.nextStart();
      if (next > channel.covered() + tolerance) {
        violations.accept(ProtocolViolation.MISSING);
        return channel.early().lost(channel.covered(), next);
      }
    }
    return new MissingFinal.None();
  }
}
