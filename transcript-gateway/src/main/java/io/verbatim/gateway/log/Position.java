package io.verbatim.gateway.log;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.Optional;
import java.util.regex.Pattern;

/// A position in one history of a call's transcript: after the entry with this id and line.
///
/// @param id the entry's id in the log; [TranscriptLog#START] before the first
/// @param line the entry's line, see [io.verbatim.pubsub.message.Link]; empty if it has none
public record Position(String id, String line) {

  private static final Pattern LINE = Pattern.compile("[0-9a-f]{12}");

  /// Before the first entry.
  public static final Position START = new Position(TranscriptLog.START, "");

  public static Position after(TranscriptEntry entry) {
    return new Position(entry.id(), entry.link().line());
  }

  /// The position that a client's cursor names: an entry's id, with or without a dot and the line.
  /// Empty if the text is no cursor of an entry.
  public static Optional<Position> ofCursor(String cursor) {
    int dot = cursor.indexOf('.');
    String id = dot < 0 ? cursor : cursor.substring(0, dot);
    String line = dot < 0 ? "" : cursor.substring(dot + 1);
    return EntryId.tryParse(id)
        .filter(parsed -> !parsed.equals(EntryId.START))
        .filter(_ -> dot < 0 || LINE.matcher(line).matches())
        .map(_ -> new Position(id, line));
  }

  /// The position as clients see it; the same as [TranscriptEntry#cursor].
  public String cursor() {
    return line.isEmpty() ? id : id + "." + line;
  }
}
