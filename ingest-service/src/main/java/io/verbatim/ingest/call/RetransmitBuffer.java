package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.AudioAppend;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A call's audio in memory: what waits for the log, and behind it what the log has but words have
/// not covered for long, kept in case the log loses its newest entries, or the words with them.
///
/// Bounded by bytes, for each call and for the stored audio of all calls together: stored audio
/// goes first, then, where that is allowed, the oldest that waits. Positions continue across what
/// was dropped, so that the hole is visible in the log. Confined to the event loop.
final class RetransmitBuffer {
  /// Words this old are on every replica: a failover loses the last moment, not more.
  private static final long COVERED_FOR_MILLIS = 3_000;

  /// Words have been known to reach this position since then.
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

  /// @param budget bytes of this call
  /// @param pool memory for the stored audio of all calls
  RetransmitBuffer(long budget, int bytesPerFrame, BlockPool pool) {
    stored = new StoredAudio(pool);
    this.budget = budget;
    this.bytesPerFrame = bytesPerFrame;
  }

  /// Adds a frame at the end and answers how many bytes of it are new. One that is larger than an
  /// entry is cut; only its last part carries its number, for only then is all of it stored.
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

  /// The next audio for the log, as one entry; it is being written until [#written] or [#putBack].
  /// Null where none waits.
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

  /// Joins a chunk with those that adjoin it and fit into the same entry.
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

  /// What is being written; null where nothing is.
  @Nullable AudioChunk writing() {
    return writing;
  }

  /// How many frames were gathered into what is being written.
  int writingFrames() {
    return writingFrames;
  }

  /// The log has what was being written; it is kept until words have covered it for a while.
  void written() {
    if (writing != null) {
      stored.addLast(writing);
      writing = null;
      dropStoredBeyondBudget();
    }
  }

  /// The log does not have what was being written: it waits again, before all else.
  void putBack() {
    if (writing != null) {
      waiting.addFirst(writing);
      waitingBytes += writing.size();
      writing = null;
    }
  }

  /// Continues the call for another writer, from the log's end: what the log lacks of the audio
  /// held waits again. Answers the number of the last frame of it; 0 where the log has all.
  ///
  /// @param partialBytes how much of the first frame to come the log has
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

  /// How much that was stored lies above this position.
  long storedBytesAbove(long position) {
    return stored.bytesAbove(position);
  }

  /// How much that was not stored lies below this position.
  long unstoredBytesBelow(long position) {
    return Stream.concat(Stream.ofNullable(writing), waiting.stream())
        .mapToLong(chunk -> Math.clamp(position - chunk.start(), 0, chunk.size()))
        .sum();
  }

  /// The log ends at `tail`: what lies above it waits (again), what lies below needs no writing.
  /// Answers how many bytes wait that had been stored.
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

  /// Words cover all below this position now; what they have covered for a while is removed.
  void covered(long position, long nowMillis) {
    while (!covered.isEmpty() && covered.getLast().position() > position) {
      covered.removeLast(); // The log has lost those words.
    }
    if (covered.isEmpty() || covered.getLast().position() < position) {
      covered.addLast(new Covered(position, nowMillis));
    }
    long lasting = 0;
    while (!covered.isEmpty()
        && covered.getFirst().sinceMillis() <= nowMillis - COVERED_FOR_MILLIS) {
      lasting = covered.removeFirst().position();
    }
    removeStoredBelow(lasting);
  }

  /// Drops the oldest that waits until the budget holds, and answers how many bytes that were.
  long dropOldest() {
    long dropped = 0;
    while (unstoredBytes() > budget && waiting.size() > 1) {
      AudioChunk oldest = waiting.removeFirst();
      dropped += oldest.size();
      waitingBytes -= oldest.size();
    }
    return dropped;
  }

  /// Removes all audio and leaves the pool; positions stay.
  void close() {
    stored.close();
    waiting.clear();
    waitingBytes = 0;
    writing = null;
  }

  /// Position behind the last byte received, dropped ones included.
  long end() {
    return end;
  }

  /// Bytes the log does not have yet.
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
