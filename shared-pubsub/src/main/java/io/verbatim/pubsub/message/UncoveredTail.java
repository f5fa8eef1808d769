package io.verbatim.pubsub.message;

import java.util.List;

/// What the end of a call writes for the audio that no final covers: unconfirmed words up to a
/// position, and a gap after it.
///
/// @param unconfirmed interims that never became final, in order of channel
/// @param unconfirmedTo the position at which these words end; ignored without words
/// @param reason why the audio after them will never be transcribed
/// @param deadLettered whether the call is dead-lettered; such a call is never complete
public record UncoveredTail(
    List<Speech> unconfirmed, long unconfirmedTo, String reason, boolean deadLettered) {
  public UncoveredTail {
    unconfirmed = unconfirmed.stream().map(Speech::asUnconfirmed).toList();
  }

  /// The tail of a call that is not dead-lettered.
  public UncoveredTail(List<Speech> unconfirmed, long unconfirmedTo, String reason) {
    this(unconfirmed, unconfirmedTo, reason, false);
  }

  /// A tail without words: all of it becomes a gap.
  public static UncoveredTail gap(String reason) {
    return new UncoveredTail(List.of(), 0, reason);
  }
}
