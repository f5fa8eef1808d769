package io.verbatim.gateway.log;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.TranscriptEntry;

/// A place in one history of a call's transcript: behind the entry with this id and this line.
///
/// @param id the entry's id in the log; [TranscriptLog#START] before the first
/// @param line the entry's line, see [io.verbatim.pubsub.message.Link]; empty where it has none
public record Position(String id, String line) {

  /// Before the first entry.
  public static final Position START = new Position(TranscriptLog.START, "");

  public static Position behind(TranscriptEntry entry) {
    return new Position(entry.id(), entry.link().line());
  }

  /// How clients name this place; the same as [TranscriptEntry#cursor].
  public String cursor() {
    return line.isEmpty() ? id : id + "." + line;
  }
}
