package io.verbatim.ingest.call;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Contiguous audio entries of one call in one array. Confined to the event loop.
final class AudioBlock {
  /// Half a second of 8 kHz PCM.
  static final int BYTES = 8 * 1024;

  /// Enough for entries of 256 bytes. A frame of 20 ms has 320.
  static final int ENTRIES = 32;

  private final byte[] bytes;

  /// Offset after each entry. The other values of an entry are relative to those of the first.
  private final int[] ends;

  private final int[] seqs;
  private final int[] partialBytes;
  private final int[] arrivals;
  private @Nullable StoredAudio owner;
  private int first;
  private int count;
  private long start;
  private long seq;
  private long arrivedMillis;

  /// A block for many entries.
  AudioBlock() {
    this(BYTES, ENTRIES);
  }

  private AudioBlock(int capacity, int entries) {
    bytes = new byte[capacity];
    ends = new int[entries];
    seqs = new int[entries];
    partialBytes = new int[entries];
    arrivals = new int[entries];
  }

  /// A block for one large entry, which fills it.
  static AudioBlock ofOneEntry(int entryBytes) {
    return new AudioBlock(entryBytes, 1);
  }

  /// Whether the block is for many entries.
  boolean isReusable() {
    return ends.length == ENTRIES;
  }

  /// Clears the block for its next owner.
  void use(StoredAudio next) {
    owner = next;
    first = 0;
    count = 0;
  }

  /// The owner of the audio in the block.
  StoredAudio owner() {
    return Objects.requireNonNull(owner);
  }

  int capacity() {
    return bytes.length;
  }

  /// Appends a copy of the entry. False if there is no room or the entry is not contiguous.
  boolean add(AudioChunk entry) {
    int offset = offset(count);
    if (count == 0) {
      start = entry.start();
      seq = entry.seq();
      arrivedMillis = entry.arrivedMillis();
    } else if (count == ends.length
        || entry.size() > bytes.length - offset
        || entry.start() != end()) {
      return false;
    }
    System.arraycopy(entry.bytes(), 0, bytes, offset, entry.size());
    ends[count] = offset + entry.size();
    seqs[count] = (int) (entry.seq() - seq);
    partialBytes[count] = entry.partialBytes();
    arrivals[count] = (int) (entry.arrivedMillis() - arrivedMillis);
    count++;
    return true;
  }

  boolean isEmpty() {
    return first == count;
  }

  /// Size of all entries.
  int size() {
    return offset(count) - offset(first);
  }

  /// Position of the first entry.
  long start() {
    return start + offset(first);
  }

  /// Position after the first entry.
  long firstEnd() {
    return start + ends[first];
  }

  /// Position after the last entry.
  long end() {
    return start + offset(count);
  }

  /// Removes the first entry and returns its size.
  int removeFirst() {
    int size = ends[first] - offset(first);
    first++;
    return size;
  }

  /// Removes the last entry and returns it.
  AudioChunk removeLast() {
    count--;
    return new AudioChunk(
        start + offset(count),
        Arrays.copyOfRange(bytes, offset(count), ends[count]),
        seq + seqs[count],
        partialBytes[count],
        arrivedMillis + arrivals[count]);
  }

  private int offset(int entry) {
    return entry == 0 ? 0 : ends[entry - 1];
  }
}
