package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.Lines;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.LiveState;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The transcript of one call, and its live state.
final class Transcript {
  private final NavigableMap<EntryId, TranscriptEntry> entries = new TreeMap<>();
  private final NavigableMap<Integer, Speech> interims = new TreeMap<>();
  private EntryId top = EntryId.START;
  private String line = Lines.random();
  private @Nullable RecognizerStatus recognizer;
  private long version;

  /// Adds an entry that ends at a position, linked to the previous entry.
  ///
  /// @param data the content that distinguishes it from another entry with the same id
  void add(long end, String data, BiFunction<String, Link, TranscriptEntry> entry) {
    top = top.next(end);
    String id = top.toString();
    Link link = new Link(line, Lines.next(line, id, data));
    line = link.line();
    entries.put(top, entry.apply(id, link));
  }

  Optional<TranscriptEntry> find(EntryId id) {
    return Optional.ofNullable(entries.get(id));
  }

  List<TranscriptEntry> after(EntryId id, int limit) {
    return entries.tailMap(id, false).values().stream().limit(limit).toList();
  }

  List<TranscriptEntry> newest(int limit) {
    return entries.descendingMap().values().stream().limit(limit).toList().reversed();
  }

  boolean hasAfter(EntryId id) {
    return top.compareTo(id) > 0;
  }

  void setInterim(Speech interim) {
    interims.put(interim.channel(), interim);
    version++;
  }

  void removeInterim(int channel) {
    if (interims.remove(channel) != null) {
      version++;
    }
  }

  void setRecognizer(RecognizerStatus status) {
    recognizer = status;
    version++;
  }

  @Nullable RecognizerStatus recognizer() {
    return recognizer;
  }

  /// The current interims, in order of channel.
  List<Speech> interims() {
    return List.copyOf(interims.values());
  }

  LiveState liveState() {
    return new LiveState(interims(), Optional.ofNullable(recognizer), line);
  }

  /// Grows with every change of the live state.
  long version() {
    return version;
  }
}
