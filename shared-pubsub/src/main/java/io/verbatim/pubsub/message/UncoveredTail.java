package io.verbatim.pubsub.message;

import java.util.List;

/// What becomes of the audio that no final covers when its call ends: words nobody confirmed, as
/// far as they reach, and behind them a gap.
///
/// @param unconfirmed words that were shown and never made final, in order of channel
/// @param heardTo the position these words reach to; of no meaning where there are none
/// @param reason why the audio behind them will never be transcribed
/// @param givenUp whether the call is laid aside: it is not complete then, whatever is left of it
public record UncoveredTail(
    List<Speech> unconfirmed, long heardTo, String reason, boolean givenUp) {
  public UncoveredTail {
    unconfirmed = unconfirmed.stream().map(Speech::asUnconfirmed).toList();
  }

  /// Of a call that was worked on to its end.
  public UncoveredTail(List<Speech> unconfirmed, long heardTo, String reason) {
    this(unconfirmed, heardTo, reason, false);
  }

  /// Nobody heard any of it.
  public static UncoveredTail unheard(String reason) {
    return new UncoveredTail(List.of(), 0, reason);
  }
}
