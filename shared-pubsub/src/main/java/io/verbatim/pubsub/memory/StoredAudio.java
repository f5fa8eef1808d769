package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioSlice.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The audio of one call: entries by their end position, from the oldest kept to the tail.
final class StoredAudio {
  private static final int MAX_SLICE_BYTES = 256 * 1024;

  private final NavigableMap<Long, Entry> entries = new TreeMap<>();
  private long tail;
  private @Nullable String endReason;
  private boolean lossBeforeEnd;

  /// The position at which the log ends, dropped audio included.
  long tail() {
    return tail;
  }

  boolean hasEnd() {
    return endReason != null;
  }

  void append(Entry entry) {
    entries.put(entry.end(), entry);
    tail = entry.end();
  }

  void end(long position, String reason) {
    lossBeforeEnd = position > tail;
    tail = Math.max(tail, position);
    endReason = reason;
  }

  /// Removes entries that end at or below a position. An entry that crosses it stays whole.
  void trimBelow(long position) {
    entries.headMap(position, true).clear();
  }

  /// Removes the older half, but keeps at least `least` bytes. Returns how many bytes it removed.
  long halve(long least) {
    if (entries.isEmpty()) {
      return 0;
    }
    long before = entries.firstEntry().getValue().start();
    trimBelow(Math.min((before + tail) / 2, tail - least));
    return (entries.isEmpty() ? tail : entries.firstEntry().getValue().start()) - before;
  }

  /// Removes everything, the end included.
  void clear() {
    entries.clear();
    endReason = null;
  }

  /// The audio after a position, at most one slice; empty if there is none yet.
  Optional<AudioSlice> slice(long position) {
    List<Entry> slice = new ArrayList<>();
    int bytes = 0;
    for (Entry entry : entries.tailMap(position, false).values()) {
      Entry needed = from(position, entry);
      if (!slice.isEmpty() && bytes + needed.pcm().length > MAX_SLICE_BYTES) {
        return Optional.of(new AudioSlice(slice, Optional.empty()));
      }
      slice.add(needed);
      bytes += needed.pcm().length;
    }
    return slice.isEmpty() && endReason == null
        ? Optional.empty()
        : Optional.of(
            new AudioSlice(
                slice,
                Optional.ofNullable(endReason)
                    .map(reason -> new AudioSlice.End(tail, reason, lossBeforeEnd))));
  }

  private static Entry from(long position, Entry entry) {
    if (entry.start() >= position) {
      return entry;
    }
    byte[] rest =
        Arrays.copyOfRange(
            entry.pcm(), Math.toIntExact(position - entry.start()), entry.pcm().length);
    return new Entry(position, rest, entry.arrivedMillis(), false);
  }
}
