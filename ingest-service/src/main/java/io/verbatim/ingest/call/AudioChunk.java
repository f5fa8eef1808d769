package io.verbatim.ingest.call;

import java.util.Arrays;

/// A contiguous part of a call's audio in memory: whole sample frames, at most as many as fit into
/// one entry of the log.
///
/// @param start position of its first byte
/// @param seq the number of the last frame of the caller that ends in or before it; 0 if frames are
///   not numbered
/// @param partialBytes bytes at its end that belong to a frame of the caller that ends after it
/// @param arrivedMillis when its last byte arrived, in epoch milliseconds
@SuppressWarnings("ArrayRecordComponent")
record AudioChunk(long start, byte[] bytes, long seq, int partialBytes, long arrivedMillis) {

  long end() {
    return start + bytes.length;
  }

  int size() {
    return bytes.length;
  }

  /// The part from a position within it to its end.
  AudioChunk from(long position) {
    int cut = Math.toIntExact(position - start);
    return new AudioChunk(
        position, Arrays.copyOfRange(bytes, cut, bytes.length), seq, partialBytes, arrivedMillis);
  }
}
