package io.verbatim.ingest.call;

import java.util.ArrayDeque;
import java.util.Deque;

/// A queue of stored audio entries, packed into blocks of a pool. Confined to the event loop.
final class StoredAudio {
  private final Deque<AudioBlock> blocks = new ArrayDeque<>();
  private final BlockPool pool;
  private long bytes;
  private long memory;

  StoredAudio(BlockPool pool) {
    this.pool = pool;
    pool.join();
  }

  /// Size of all entries.
  long bytes() {
    return bytes;
  }

  /// Size of the blocks.
  long memory() {
    return memory;
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /// Position of the first entry.
  long start() {
    return blocks.getFirst().start();
  }

  /// Position after the first entry.
  long firstEnd() {
    return blocks.getFirst().firstEnd();
  }

  /// Position after the last entry.
  long end() {
    return blocks.getLast().end();
  }

  /// The bytes above the position.
  long bytesAbove(long position) {
    return blocks.stream()
        .mapToLong(block -> Math.clamp(block.end() - position, 0, block.size()))
        .sum();
  }

  /// Copies the entry to the end of the queue.
  void addLast(AudioChunk entry) {
    AudioBlock last = blocks.peekLast();
    if (last == null || !last.add(entry)) {
      AudioBlock block = pool.take(this, entry.size());
      block.add(entry);
      blocks.addLast(block);
      memory += block.capacity();
    }
    bytes += entry.size();
  }

  /// Removes the last entry and returns it.
  AudioChunk removeLast() {
    AudioBlock last = blocks.getLast();
    AudioChunk entry = last.removeLast();
    bytes -= entry.size();
    if (last.isEmpty()) {
      release(blocks.removeLast());
    }
    return entry;
  }

  void removeFirst() {
    AudioBlock block = blocks.getFirst();
    bytes -= block.removeFirst();
    if (block.isEmpty()) {
      release(blocks.removeFirst());
    }
  }

  /// Returns the first block, with its audio, to the pool.
  void evict(AudioBlock first) {
    blocks.removeFirst();
    bytes -= first.size();
    release(first);
  }

  /// Returns all blocks and leaves the pool.
  void close() {
    blocks.forEach(this::release);
    blocks.clear();
    bytes = 0;
    pool.leave();
  }

  private void release(AudioBlock block) {
    memory -= block.capacity();
    pool.release(block);
  }
}
