package io.verbatim.local.follow;

import java.util.List;

/// The result of an ended call, as the gateway reports it.
///
/// @param finals the texts of its finals, in order
/// @param complete the flag of `ended`: every byte of the audio is covered by a final
/// @param gapMs audio that was not transcribed
public record EndedCall(String callId, List<String> finals, boolean complete, long gapMs) {
  public EndedCall {
    finals = List.copyOf(finals);
  }

  /// The texts of all finals, separated by blanks.
  public String text() {
    return String.join(" ", finals.stream().filter(text -> !text.isBlank()).toList());
  }
}
