package io.verbatim.local.follow;

import java.util.List;

/// What the gateway tells of a call that has ended.
///
/// @param finals the texts of its finals, in order
/// @param complete what `ended` says: every byte of its audio is in a final
/// @param gapMs audio nobody transcribed
public record EndedCall(String callId, List<String> finals, boolean complete, long gapMs) {
  public EndedCall {
    finals = List.copyOf(finals);
  }

  /// All that was said, in one line.
  public String text() {
    return String.join(" ", finals.stream().filter(text -> !text.isBlank()).toList());
  }
}
