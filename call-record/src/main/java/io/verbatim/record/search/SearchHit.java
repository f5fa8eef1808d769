package io.verbatim.record.search;

import io.verbatim.pubsub.message.CallRecord;
import java.util.List;

/// A final that matches.
///
/// @param seq the number of the final in its call
/// @param speaker the number of the speaker as in documents, from 1
/// @param matches the parts of the text that match
public record SearchHit(
    CallRecord call,
    long seq,
    long startMs,
    long endMs,
    int speaker,
    String text,
    List<Match> matches) {

  /// A part of a text, in UTF-16 units.
  public record Match(int from, int to) {}

  public SearchHit {
    matches = List.copyOf(matches);
  }

  /// Contains no text.
  @Override
  public String toString() {
    return "SearchHit[" + call.call() + ", " + seq + "]";
  }
}
