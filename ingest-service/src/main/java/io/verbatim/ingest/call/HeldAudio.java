package io.verbatim.ingest.call;

import java.util.List;
import java.util.stream.Stream;

/// What a writer holds of its call, in order: audio that is stored, but not covered by words for
/// long, and audio the log does not have, as far as the writer knows.
record HeldAudio(List<AudioChunk> stored, List<AudioChunk> unstored) {
  static final HeldAudio NONE = new HeldAudio(List.of(), List.of());

  HeldAudio {
    stored = List.copyOf(stored);
    unstored = List.copyOf(unstored);
  }

  Stream<AudioChunk> all() {
    return Stream.concat(stored.stream(), unstored.stream());
  }

  long bytes() {
    return all().mapToLong(AudioChunk::size).sum();
  }

  /// How much that was stored lies above this position.
  long storedBytesAbove(long position) {
    return stored.stream()
        .mapToLong(chunk -> Math.clamp(chunk.end() - position, 0, chunk.size()))
        .sum();
  }

  /// How much that was not stored lies below this position.
  long unstoredBytesBelow(long position) {
    return unstored.stream()
        .mapToLong(chunk -> Math.clamp(position - chunk.start(), 0, chunk.size()))
        .sum();
  }
}
