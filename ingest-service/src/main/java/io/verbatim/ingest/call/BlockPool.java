package io.verbatim.ingest.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// The memory for the stored audio of all calls, in reused blocks. Confined to the event loop.
///
/// At the limit, the oldest block of a call above its equal share is evicted. A call below its
/// share therefore loses no audio to other calls.
///
/// Stored audio lives for seconds and so survives young collections. With one array per frame, 300
/// calls filled the old generation every second, and each full collection took 200 ms.
public final class BlockPool {
  private final SequencedSet<AudioBlock> oldestFirst = new LinkedHashSet<>();
  private final Deque<AudioBlock> free = new ArrayDeque<>();
  private final long limit;
  private long used;
  private int calls;

  /// @param limit bytes, for all calls together
  public BlockPool(long limit) {
    this.limit = limit;
  }

  /// The bytes of the blocks in use.
  public long bytes() {
    return used;
  }

  /// Adds a call, which has an equal share until [#leave].
  void join() {
    calls++;
  }

  void leave() {
    calls--;
  }

  /// Returns a block for an entry of this size and later ones. A large entry gets its own block,
  /// which is not reused.
  AudioBlock take(StoredAudio owner, int entryBytes) {
    boolean large = entryBytes > AudioBlock.BYTES / 4;
    int size = large ? entryBytes : AudioBlock.BYTES;
    while (used + size > limit && !oldestFirst.isEmpty()) {
      AudioBlock oldest = evictable();
      oldest.owner().evict(oldest);
    }
    AudioBlock block = large ? AudioBlock.ofOneEntry(size) : reusable();
    block.use(owner);
    oldestFirst.addLast(block);
    used += size;
    return block;
  }

  private AudioBlock reusable() {
    AudioBlock block = free.pollLast();
    return block == null ? new AudioBlock() : block;
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

  /// Returns a block to the pool.
  void release(AudioBlock block) {
    oldestFirst.remove(block);
    used -= block.capacity();
    if (block.isReusable()) {
      free.addLast(block);
    }
  }
}
