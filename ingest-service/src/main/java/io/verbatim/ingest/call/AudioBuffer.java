package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.AudioAppend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A call's audio in memory: what waits for the log, and behind it what the log has but no words
/// cover yet, kept in case the log loses its end.
///
/// Bounded by bytes: what is kept goes first, then, where that is allowed, the oldest that waits.
/// Positions go on across what was dropped, so that the hole is visible in the log. Not for use by
/// two threads at once.
final class AudioBuffer {
  private final Deque<AudioChunk> kept = new ArrayDeque<>();
  private final Deque<AudioChunk> waiting = new ArrayDeque<>();
  private final long budget;
  private final int bytesPerFrame;
  private long keptBytes;
  private long waitingBytes;
  private long writingBytes;
  private long end;
  private int alreadyStored;

  AudioBuffer(long budget, int bytesPerFrame) {
    this.budget = budget;
    this.bytesPerFrame = bytesPerFrame;
  }

  /// Begins at a position other than 0: behind what another writer has stored.
  ///
  /// @param partialBytes how much of the first frame to come that is
  void startAt(long position, int partialBytes) {
    end = position;
    alreadyStored = partialBytes;
  }

  /// Adds a frame at the end. One that is larger than an entry is cut; only its last part carries
  /// its number, for only then is all of it stored.
  void add(byte[] frame, long seq, long arrivedMillis) {
    int most = AudioAppend.MAX_BYTES - AudioAppend.MAX_BYTES % bytesPerFrame;
    int begin = Math.min(alreadyStored, frame.length);
    alreadyStored = 0;
    for (int from = begin; from < frame.length; from += most) {
      int to = Math.min(frame.length, from + most);
      boolean last = to == frame.length;
      byte[] part = from == 0 && last ? frame : Arrays.copyOfRange(frame, from, to);
      waiting.addLast(
          last
              ? new AudioChunk(end, part, seq, 0, arrivedMillis)
              : new AudioChunk(end, part, Math.max(0, seq - 1), to, arrivedMillis));
      waitingBytes += part.length;
      end += part.length;
    }
    dropKeptBeyondBudget();
  }

  /// The next audio for the log, which is then being written until [#stored] or [#putBack].
  Optional<AudioBatch> next() {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    List<AudioChunk> chunks = new ArrayList<>();
    long size = 0;
    while (!waiting.isEmpty() && fits(chunks, size, waiting.getFirst())) {
      AudioChunk chunk = waiting.removeFirst();
      chunks.add(chunk);
      size += chunk.size();
    }
    waitingBytes -= size;
    writingBytes = size;
    return Optional.of(new AudioBatch(chunks));
  }

  private static boolean fits(List<AudioChunk> chunks, long size, AudioChunk next) {
    return chunks.isEmpty()
        || (chunks.getLast().end() == next.start() && size + next.size() <= AudioAppend.MAX_BYTES);
  }

  /// The log has it; it is kept until words cover it.
  void stored(AudioBatch batch) {
    writingBytes = 0;
    kept.addAll(batch.chunks());
    keptBytes += batch.size();
    dropKeptBeyondBudget();
  }

  /// The log does not have it: it waits again, before all else.
  void putBack(AudioBatch batch) {
    writingBytes = 0;
    batch.chunks().reversed().forEach(waiting::addFirst);
    waitingBytes += batch.size();
  }

  /// The log ends at `tail`: what lies above it waits (again), what lies below needs no writing.
  void logEndsAt(long tail) {
    while (!kept.isEmpty() && kept.getLast().end() > tail) {
      AudioChunk chunk = kept.removeLast();
      keptBytes -= chunk.size();
      waiting.addFirst(chunk);
      waitingBytes += chunk.size();
    }
    while (!waiting.isEmpty() && waiting.getFirst().start() < tail) {
      AudioChunk chunk = waiting.removeFirst();
      waitingBytes -= chunk.size();
      if (chunk.end() > tail) {
        AudioChunk rest = chunk.from(tail);
        waiting.addFirst(rest);
        waitingBytes += rest.size();
        return;
      }
    }
  }

  /// Words cover all below this position.
  void covered(long position) {
    while (!kept.isEmpty() && kept.getFirst().end() <= position) {
      keptBytes -= kept.removeFirst().size();
    }
  }

  /// Drops the oldest that waits until the budget holds, and answers how many bytes that were.
  long dropOldest() {
    long dropped = 0;
    while (waitingBytes + writingBytes > budget && waiting.size() > 1) {
      dropped += waiting.getFirst().size();
      waitingBytes -= waiting.removeFirst().size();
    }
    return dropped;
  }

  /// Gives up all audio; positions stay.
  void clear() {
    kept.clear();
    waiting.clear();
    keptBytes = 0;
    waitingBytes = 0;
    writingBytes = 0;
  }

  /// Position behind the last byte received, dropped ones included.
  long end() {
    return end;
  }

  /// Bytes the log does not have yet.
  long unstoredBytes() {
    return waitingBytes + writingBytes;
  }

  long bytes() {
    return keptBytes + waitingBytes + writingBytes;
  }

  private void dropKeptBeyondBudget() {
    while (bytes() > budget && !kept.isEmpty()) {
      keptBytes -= kept.removeFirst().size();
    }
  }
}
