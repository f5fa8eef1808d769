package io.verbatim.gateway.log;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// Joins concurrent reads of the same key into one, so that many clients that connect at once cost
/// one read. Confined to the event loop. Bounded by the number of running reads.
public final class JoinedReads<K, V> implements Function<K, CompletionStage<V>> {

  private final Function<K, CompletionStage<V>> read;
  private final Map<K, CompletionStage<V>> running = new HashMap<>();

  /// @param read must complete on the event loop, or the key is never read again
  public JoinedReads(Function<K, CompletionStage<V>> read) {
    this.read = read;
  }

  /// The caller must not cancel the stage, because others may share it.
  @Override
  public CompletionStage<V> apply(K key) {
    CompletionStage<V> shared = running.get(key);
    if (shared == null) {
      shared = read.apply(key);
      running.put(key, shared);
      shared.whenComplete((_, _) -> running.remove(key));
    }
    return shared;
  }
}
