package io.verbatim.ingest.call;

import java.util.List;

/// Adjoining chunks that go to the log as one entry.
record AudioBatch(List<AudioChunk> chunks) {
  AudioBatch {
    chunks = List.copyOf(chunks);
  }

  long start() {
    return chunks.getFirst().start();
  }

  long end() {
    return chunks.getLast().end();
  }

  long seq() {
    return chunks.getLast().seq();
  }

  int partialBytes() {
    return chunks.getLast().partialBytes();
  }

  long arrivedMillis() {
    return chunks.getLast().arrivedMillis();
  }

  int size() {
    return Math.toIntExact(end() - start());
  }

  byte[] bytes() {
    if (chunks.size() == 1) {
      return chunks.getFirst().bytes();
    }
    byte[] all = new byte[size()];
    int at = 0;
    for (AudioChunk chunk : chunks) {
      System.arraycopy(chunk.bytes(), 0, all, at, chunk.size());
      at += chunk.size();
    }
    return all;
  }
}
