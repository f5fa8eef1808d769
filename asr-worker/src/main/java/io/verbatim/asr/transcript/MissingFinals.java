package io.verbatim.asr.transcript;

import io.verbatim.asr.recognizer.ProtocolViolation;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Finds the finals that a session has lost: finals and interims are contiguous, so words above
/// `covered` show that the final before them was dropped, or was unreadable. Each result counts the
/// loss: call once, then act on the result. Values in, values out.
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

  /// Whether a final is awaited, because a later one has arrived.
  public boolean areAwaited() {
    return channels.stream().anyMatch(channel -> !channel.early().isEmpty());
  }

  /// The final that is still missing after the wait, if any.
  ///
  /// @param nowNanos monotonic
  public MissingFinal find(long nowNanos) {
    for (ChannelTranscript channel : channels) {
      MissingFinal missing =
          channel
              .early()
              .missing(channel.covered(), coveredByOthers(channel), EarlyFinals.MAX_WAIT, nowNanos);
      if (!(missing instanceof MissingFinal.None)) {
        violations.accept(ProtocolViolation.MISSING);
        return missing;
      }
    }
    return new MissingFinal.None();
  }

  private long coveredByOthers(ChannelTranscript channel) {
    return channels.stream()
        .filter(other -> other != channel)
        .mapToLong(ChannelTranscript::covered)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /// The final before later words that is missing when no more results follow, if any.
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

  /// The last final, if it is missing when no more results follow: words are still interim. Not
  /// after several sessions in a row have lost it.
  public MissingFinal findLast() {
    for (ChannelTranscript channel : channels) {
      Optional<PositionedHypothesis> words = channel.uncommitted();
      if (words.isPresent()) {
        violations.accept(ProtocolViolation.MISSING);
        MissingFinal last = channel.early().lost(channel.covered(), words.get().end());
        if (last instanceof MissingFinal.Lost) {
          return last;
        }
      }
    }
    return new MissingFinal.None();
  }
}
