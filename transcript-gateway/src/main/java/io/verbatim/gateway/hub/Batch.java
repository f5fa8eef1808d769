package io.verbatim.gateway.hub;

import io.verbatim.gateway.sse.SseEvent;
import java.util.ArrayList;
import java.util.List;

/// What goes out to one watcher in one write: shared bytes, none of them copied.
final class Batch {

  /// Enough for a write to be worth its while, little enough for others to have their turn.
  static final int ENOUGH_BYTES = 64 * 1024;

  private final List<byte[]> buffers = new ArrayList<>();
  private long size;

  void add(SseEvent event) {
    addAll(event.bytes());
  }

  void addWithoutId(SseEvent event) {
    addAll(event.bytesWithoutId());
  }

  private void addAll(List<byte[]> bytes) {
    for (byte[] part : bytes) {
      buffers.add(part);
      size += part.length;
    }
  }

  boolean hasRoom() {
    return size < ENOUGH_BYTES;
  }

  boolean isEmpty() {
    return buffers.isEmpty();
  }

  long size() {
    return size;
  }

  List<byte[]> buffers() {
    return buffers;
  }
}
