package io.verbatim.pubsub.redis;

import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The decoded entries of one audio stream: readable entries become the next slice, unreadable ones
/// are reported.
final class AudioEntries {
  /// The arrival time of an entry without one.
  static final long NO_TIME = -1;

  private static final int MIN_ENTRY_BYTES = 1024;

  private final String key;
  private final byte[] keyBytes;
  private final UnreadableEntries unreadable;
  private long position;
  private long lastIdPosition;
  private long lastIdNumber;
  private List<AudioSlice.Entry> entries = new ArrayList<>();
  private Optional<AudioSlice.End> end = Optional.empty();
  private int entriesRead;
  private int largestEntry = AudioAppend.MAX_BYTES;

  /// @param position audio below it is cut
  AudioEntries(String key, long position, UnreadableEntries unreadable) {
    this.key = key;
    this.keyBytes = Reply.bytes(key);
    this.position = position;
    this.lastIdPosition = position;
    this.unreadable = unreadable;
  }

  byte[] key() {
    return keyBytes;
  }

  /// Writes the id after which the next read starts.
  void encodeLastId(RespWriter out) {
    out.id(lastIdPosition, lastIdNumber);
  }

  /// The expected bytes of one entry: the largest of the last read.
  int expectedEntryBytes() {
    return largestEntry;
  }

  void startRead() {
    entriesRead = 0;
  }

  /// The number of entries of the current read.
  int entriesRead() {
    return entriesRead;
  }

  /// Adds one decoded entry.
  ///
  /// @param pcm null if the entry has none
  /// @param arrivedMillis [#NO_TIME] if the entry has none; another negative value if it is
  ///   unreadable
  /// @param endReason null if the entry is not the end
  void add(
      long idPosition,
      long idNumber,
      byte @Nullable [] pcm,
      long arrivedMillis,
      @Nullable String endReason,
      boolean afterLoss) {
    if (entriesRead++ == 0) {
      largestEntry = MIN_ENTRY_BYTES;
    }
    lastIdPosition = idPosition;
    lastIdNumber = idNumber;
    if (end.isPresent()) {
      return;
    }
    if (idPosition < 0) {
      reportLast("audio entry with a position above 63 bits");
    } else if (endReason != null) {
      end = Optional.of(new AudioSlice.End(idPosition, endReason, afterLoss));
    } else if (pcm == null || arrivedMillis == NO_TIME) {
      reportLast("audio entry without pcm or t");
    } else if (arrivedMillis < 0) {
      reportLast("audio entry with a position or t that is not a number");
    } else {
      audio(idPosition - pcm.length, pcm, arrivedMillis, afterLoss);
    }
  }

  private void audio(long start, byte[] pcm, long arrivedMillis, boolean afterLoss) {
    if (start < 0) {
      reportLast("audio entry that starts before the call");
      return;
    }
    largestEntry = Math.max(largestEntry, pcm.length);
    int before = Math.clamp(position - start, 0, pcm.length);
    AudioSlice.Entry entry =
        before == 0
            ? new AudioSlice.Entry(start, pcm, arrivedMillis, afterLoss)
            : new AudioSlice.Entry(
                start + before, Arrays.copyOfRange(pcm, before, pcm.length), arrivedMillis, false);
    entries.add(entry);
    position = entry.end();
  }

  private void reportLast(String reason) {
    unreadable.report(
        key,
        Long.toUnsignedString(lastIdPosition) + "-" + Long.toUnsignedString(lastIdNumber),
        reason);
  }

  /// Reports that the key holds another type. Only this call is affected, until the key is removed.
  void reportWrongType() {
    unreadable.report(key, "key", "not a stream");
  }

  /// Returns and removes the entries since the last slice; empty if there are none.
  Optional<AudioSlice> pollSlice() {
    if (entries.isEmpty() && end.isEmpty()) {
      return Optional.empty();
    }
    AudioSlice slice = new AudioSlice(entries, end);
    entries = new ArrayList<>();
    return Optional.of(slice);
  }
}
