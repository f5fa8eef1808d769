package io.verbatim.ingest.call;

import java.util.List;
import java.util.stream.Stream;

/// What a writer holds of its call, in order: audio the log has and no words cover yet, and audio
/// the log does not have, as far as the writer knows.
record HeldAudio(List<AudioChunk> stored, List<AudioChunk> unstored) {
  static final HeldAudio NONE = new HeldAudio(List.of(), List.of());

  HeldAudio {
    stored = List.copyOf(stored);
    unstored = List.copyOf(unstored);
  }

  Stream<AudioChunk> all() {
    return Stream.concat(stored.stream(), unstored.stream());
  }
}
