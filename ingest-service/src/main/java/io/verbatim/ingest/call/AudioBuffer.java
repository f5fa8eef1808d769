package io.verbatim.ingest.call;

import io.verbatim.pubsub.message.AudioAppend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A call's audio in memory: what waits for the log, and behind it what the log has but no words
/// have covered for long, kept in case the log loses its end, or the words with it.
///
/// Bounded by bytes: what is kept goes first, then, where that is allowed, the oldest that waits.
/// Positions go on across what was dropped, so that the hole is visible in the log. Not for use by
/// two threads at once.
final class AudioBuffer {
  /// Words this old are on every replica: a failover loses the last moment, not more.
  private static final long WORDS_LAST_AFTER_MILLIS = 3_000;

  /// Words were known to reach so far since then.
  private record Covered(long position, long sinceMillis) {}

  private final Deque<Covered> words = new ArrayDeque<>();
  private final Deque<AudioChunk> kept = new ArrayDeque<>();
  private final Deque<AudioChunk> waiting = new ArrayDeque<>();
  private final long budget;
  private final int bytesPerFrame;
  private long keptBytes;
  private long waitingBytes;
  private List<AudioChunk> writing = List.of();
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

  /// Adds a frame at the end, and answers how many bytes of it are new. One that is larger than an
  /// entry is cut; only its last part carries its number, for only then is all of it stored.
  int add(byte[] frame, long seq, long arrivedMillis) {
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
    return frame.length - begin;
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
    writing = chunks;
    writingBytes = size;
    return Optional.of(new AudioBatch(chunks));
  }

  private static boolean fits(List<AudioChunk> chunks, long size, AudioChunk next) {
    return chunks.isEmpty()
        || (chunks.getLast().end() == next.start() && size + next.size() <= AudioAppend.MAX_BYTES);
  }

  /// The log has it; it is kept until words have covered it for a while.
  void stored(AudioBatch batch) {
    written();
    kept.addAll(batch.chunks());
    keptBytes += batch.size();
    dropKeptBeyondBudget();
  }

  /// The log does not have it: it waits again, before all else.
  void putBack(AudioBatch batch) {
    written();
    batch.chunks().reversed().forEach(waiting::addFirst);
    waitingBytes += batch.size();
  }

  private void written() {
    writing = List.of();
    writingBytes = 0;
  }

  /// Goes on with what another writer of the call held: what the log lacks of it waits. Answers the
  /// number of the last frame of it; 0 where the log has all.
  long goOnWith(HeldAudio held) {
    long tail = end;
    held.all()
        .forEach(chunk -> {
          if (chunk.end() <= tail) {
            kept.addLast(chunk);
            keptBytes += chunk.size();
          } else {
            AudioChunk rest = chunk.start() < tail ? chunk.from(tail) : chunk;
            waiting.addLast(rest);
            waitingBytes += rest.size();
            end = rest.end();
            alreadyStored = 0;
          }
        });
    dropKeptBeyondBudget();
    return waiting.isEmpty() ? 0 : waiting.getLast().seq();
  }

  /// Gives all audio away; positions stay.
  HeldAudio giveAway() {
    HeldAudio held =
        new HeldAudio(
            List.copyOf(kept), Stream.concat(writing.stream(), waiting.stream()).toList());
    clear();
    return held;
  }

  /// The log ends at `tail`: what lies above it waits (again), what lies below needs no writing.
  /// Answers how many bytes wait that had been stored.
  long logEndsAt(long tail) {
    long before = keptBytes;
    while (!kept.isEmpty() && kept.getLast().end() > tail) {
      AudioChunk chunk = kept.removeLast();
      keptBytes -= chunk.size();
      waiting.addFirst(chunk);
      waitingBytes += chunk.size();
    }
    long lost = before - keptBytes;
    while (!waiting.isEmpty() && waiting.getFirst().start() < tail) {
      AudioChunk chunk = waiting.removeFirst();
      waitingBytes -= chunk.size();
      if (chunk.end() > tail) {
        AudioChunk rest = chunk.from(tail);
        waiting.addFirst(rest);
        waitingBytes += rest.size();
      }
    }
    return lost;
  }

  /// The log has forgotten the call. Where the call's beginning is not here any more, what is goes
  /// on from where the words were: readers have those, and would be told them again.
  void forgotten() {
    if (words.isEmpty() || kept.isEmpty() || kept.getFirst().start() == 0) {
      return;
    }
    letGoBelow(words.getLast().position());
  }

  private void letGoBelow(long position) {
    while (!kept.isEmpty() && kept.getFirst().end() <= position) {
      keptBytes -= kept.removeFirst().size();
    }
  }

  /// Words cover all below this position now; what they have covered for a while is let go.
  void covered(long position, long nowMillis) {
    while (!words.isEmpty() && words.getLast().position() > position) {
      words.removeLast(); // the log has lost those words
    }
    if (words.isEmpty() || words.getLast().position() < position) {
      words.addLast(new Covered(position, nowMillis));
    }
    long lasting = 0;
    while (!words.isEmpty()
        && words.getFirst().sinceMillis() <= nowMillis - WORDS_LAST_AFTER_MILLIS) {
      lasting = words.removeFirst().position();
    }
    letGoBelow(lasting);
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
    written();
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
