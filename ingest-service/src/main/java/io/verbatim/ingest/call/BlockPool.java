package io.verbatim.ingest.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// The memory for stored audio of all calls together, in blocks that are used again. Confined to
/// the event loop.
///
/// At the limit the oldest block goes whose call uses more than its equal share. So no call loses
/// audio to another one while it uses less.
///
/// Stored audio lives for seconds, so it survives young collections. As one array per frame it
/// filled the old generation of an ingest with 300 calls every second, and each full collection
/// took 200 ms.
public final class BlockPool {
  private final SequencedSet<AudioBlock> oldestFirst = new LinkedHashSet<>();
  private final Deque<AudioBlock> free = new ArrayDeque<>();
  private final long limit;
  private long used;
  private int calls;

  /// @param limit bytes of all calls together
  public BlockPool(long limit) {
    this.limit = limit;
  }

  /// Bytes of the blocks in use.
  public long bytes() {
    return used;
  }

  /// One more call has an equal share, until it leaves.
  void join() {
    calls++;
  }

  void leave() {
    calls--;
  }

  /// A block for an entry of this size and those that follow. One for a large entry holds only it.
  AudioBlock take(StoredAudio owner, int entryBytes) {
    boolean large = entryBytes > AudioBlock.BYTES / 4;
    int size = large ? entryBytes : AudioBlock.BYTES;
    while (used + size > limit && !oldestFirst.isEmpty()) {
      AudioBlock oldest = evictable();
      oldest.owner().evict(oldest);
    }
    AudioBlock block = large ? null : free.pollLast();
    if (block == null) {
      block = new AudioBlock(size, large ? 1 : AudioBlock.ENTRIES);
    }
    block.use(owner);
    oldestFirst.addLast(block);
    used += size;
    return block;
  }

  private AudioBlock evictable() {
    long share = limit / Math.max(1, calls);
    for (AudioBlock block : oldestFirst) {
      if (block.owner().memory() > share) {
        return block;
      }
    }
    return oldestFirst.getFirst();
  }

  /// Takes a block back.
  void release(AudioBlock block) {
    oldestFirst.remove(block);
    used -= block.capacity();
    if (block.capacity() == AudioBlock.BYTES) {
      free.addLast(block);
    }
  }
}
