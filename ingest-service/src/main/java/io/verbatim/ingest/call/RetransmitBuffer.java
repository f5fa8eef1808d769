package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.AudioAppend;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A call's audio in memory: audio that waits to be stored, and stored audio that finals have not
/// covered for at least 5 s. Stored audio is kept in case the log loses its newest entries or the
/// finals that cover them.
///
/// Bounded in bytes, for each call and for the stored audio of all calls together: stored audio is
/// dropped first, then, if allowed, the oldest waiting audio. Positions continue across dropped
/// audio, so that the hole is visible in the log. Confined to the event loop.
final class RetransmitBuffer {
  /// Finals older than this are on a replica. `docs/redis.md` requires a primary that refuses
  /// writes if no replica acknowledges them, which it detects within 3 s.
  private static final long COVERED_FOR_MILLIS = 5_000;

  /// Finals have covered the audio below this position since this time.
  private record Covered(long position, long sinceMillis) {}

  private final Deque<Covered> covered = new ArrayDeque<>();
  private final StoredAudio stored;
  private final Deque<AudioChunk> waiting = new ArrayDeque<>();
  private final long budget;
  private final int bytesPerFrame;
  private long waitingBytes;
  private @Nullable AudioChunk writing;
  private int writingFrames;
  private long end;
  private int alreadyStored;

  /// @param budget limit in bytes for this call
  /// @param pool memory for the stored audio of all calls
  RetransmitBuffer(long budget, int bytesPerFrame, BlockPool pool) {
    stored = new StoredAudio(pool);
    this.budget = budget;
    this.bytesPerFrame = bytesPerFrame;
  }

  /// Adds a frame at the end and returns how many of its bytes are new. A frame larger than an
  /// entry is split. Only its last part has the frame's number, because only then is all of it
  /// stored.
  int add(byte[] frame, long seq, long arrivedMillis) {
    int max = AudioAppend.MAX_BYTES - AudioAppend.MAX_BYTES % bytesPerFrame;
    int begin = Math.min(alreadyStored, frame.length);
    alreadyStored = 0;
    for (int from = begin; from < frame.length; from += max) {
      int to = Math.min(frame.length, from + max);
      boolean last = to == frame.length;
      byte[] part = from == 0 && last ? frame : Arrays.copyOfRange(frame, from, to);
      waiting.addLast(
          last
              ? new AudioChunk(end, part, seq, 0, arrivedMillis)
              : new AudioChunk(end, part, Math.max(0, seq - 1), to, arrivedMillis));
      waitingBytes += part.length;
      end += part.length;
    }
    dropStoredBeyondBudget();
    return frame.length - begin;
  }

  /// Returns the next audio to write, as one entry; it counts as being written until [#written] or
  /// [#putBack]. Null if no audio waits.
  @Nullable AudioChunk next() {
    AudioChunk first = waiting.pollFirst();
    if (first == null) {
      return null;
    }
    writingFrames = 1;
    AudioChunk entry = waiting.isEmpty() ? first : gather(first);
    waitingBytes -= entry.size();
    writing = entry;
    return entry;
  }

  /// Joins a chunk with the contiguous chunks after it that fit into the same entry.
  private AudioChunk gather(AudioChunk first) {
    int size = first.size();
    int frames = 1;
    for (AudioChunk chunk : waiting) {
      if (chunk.start() != first.start() + size || size + chunk.size() > AudioAppend.MAX_BYTES) {
        break;
      }
      size += chunk.size();
      frames++;
    }
    if (frames == 1) {
      return first;
    }
    writingFrames = frames;
    byte[] bytes = Arrays.copyOf(first.bytes(), size);
    AudioChunk last = first;
    int at = first.size();
    for (int i = 1; i < frames; i++) {
      last = waiting.removeFirst();
      System.arraycopy(last.bytes(), 0, bytes, at, last.size());
      at += last.size();
    }
    return new AudioChunk(
        first.start(), bytes, last.seq(), last.partialBytes(), last.arrivedMillis());
  }

  /// The entry being written, or null.
  @Nullable AudioChunk writing() {
    return writing;
  }

  /// The number of frames in the entry being written.
  int writingFrames() {
    return writingFrames;
  }

  /// The entry being written is stored.
  void written() {
    if (writing != null) {
      stored.addLast(writing);
      writing = null;
      dropStoredBeyondBudget();
    }
  }

  /// The entry being written is not stored: it waits again, before all other audio.
  void putBack() {
    if (writing != null) {
      waiting.addFirst(writing);
      waitingBytes += writing.size();
      writing = null;
    }
  }

  /// Continues the call for another writer from the log's end: audio that the log lacks waits
  /// again. Returns the number of its last frame; 0 if the log has all audio.
  ///
  /// @param partialBytes how many bytes of the next frame the log already has
  long resumeAt(long tail, int partialBytes) {
    putBack();
    covered.clear();
    end = tail;
    alreadyStored = partialBytes;
    logEndsAt(tail);
    AudioChunk last = waiting.peekLast();
    if (last == null) {
      return 0;
    }
    end = last.end();
    alreadyStored = 0;
    return last.seq();
  }

  /// The stored bytes above this position.
  long storedBytesAbove(long position) {
    return stored.bytesAbove(position);
  }

  /// The unstored bytes below this position.
  long unstoredBytesBelow(long position) {
    return Stream.concat(Stream.ofNullable(writing), waiting.stream())
        .mapToLong(chunk -> Math.clamp(position - chunk.start(), 0, chunk.size()))
        .sum();
  }

  /// The log ends at `tail`: audio above it waits (again), audio below it counts as stored. Returns
  /// how many bytes wait that had been stored.
  long logEndsAt(long tail) {
    long before = stored.bytes();
    while (!stored.isEmpty() && stored.end() > tail) {
      AudioChunk chunk = stored.removeLast();
      waiting.addFirst(chunk);
      waitingBytes += chunk.size();
    }
    long lost = before - stored.bytes();
    while (!waiting.isEmpty() && waiting.getFirst().start() < tail) {
      AudioChunk chunk = waiting.removeFirst();
      waitingBytes -= chunk.size();
      if (chunk.end() > tail) {
        AudioChunk rest = chunk.from(tail);
        waiting.addFirst(rest);
        waitingBytes += rest.size();
      } else {
        stored.addLast(chunk);
      }
    }
    dropStoredBeyondBudget();
    return lost;
  }

  private void removeStoredBelow(long position) {
    while (!stored.isEmpty() && stored.firstEnd() <= position) {
      stored.removeFirst();
    }
  }

  /// Finals now cover the audio below this position. Removes audio that has been covered for 5 s.
  void covered(long position, long nowMillis) {
    while (!covered.isEmpty() && covered.getLast().position() > position) {
      covered.removeLast(); // The log has lost those finals.
    }
    if (covered.isEmpty() || covered.getLast().position() < position) {
      covered.addLast(new Covered(position, nowMillis));
    }
    long durable = 0;
    while (!covered.isEmpty()
        && covered.getFirst().sinceMillis() <= nowMillis - COVERED_FOR_MILLIS) {
      durable = covered.removeFirst().position();
    }
    removeStoredBelow(durable);
  }

  /// Drops the oldest waiting audio until the rest fits the budget. Returns the number of bytes
  /// dropped.
  long dropOldest() {
    long dropped = 0;
    while (unstoredBytes() > budget && waiting.size() > 1) {
      AudioChunk oldest = waiting.removeFirst();
      dropped += oldest.size();
      waitingBytes -= oldest.size();
    }
    return dropped;
  }

  /// Removes all audio and leaves the pool. [#end] stays valid.
  void close() {
    stored.close();
    waiting.clear();
    waitingBytes = 0;
    writing = null;
  }

  /// Position after the last byte received, including dropped audio.
  long end() {
    return end;
  }

  /// Bytes that are not stored yet.
  long unstoredBytes() {
    return waitingBytes + (writing == null ? 0 : writing.size());
  }

  long bytes() {
    return stored.bytes() + unstoredBytes();
  }

  private void dropStoredBeyondBudget() {
    while (!stored.isEmpty() && bytes() > budget) {
      stored.removeFirst();
    }
  }
}
