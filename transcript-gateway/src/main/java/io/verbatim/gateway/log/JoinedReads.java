package io.verbatim.gateway.log;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// Lets reads of the same key share one answer while it is awaited: many clients that connect at
/// once cost one read. Confined to the event loop; bounded by the reads that are under way.
public final class JoinedReads<K, V> implements Function<K, CompletionStage<V>> {

  private final Function<K, CompletionStage<V>> read;
  private final Map<K, CompletionStage<V>> awaited = new HashMap<>();

  /// @param read completes on the event loop, however long that takes
  public JoinedReads(Function<K, CompletionStage<V>> read) {
    this.read = read;
  }

  /// The caller must not cancel the stage, which others may share.
  @Override
  public CompletionStage<V> apply(K key) {
    CompletionStage<V> shared = awaited.get(key);
    if (shared == null) {
      shared = read.apply(key);
      awaited.put(key, shared);
      shared.whenComplete((_, _) -> awaited.remove(key));
    }
    return shared;
  }
}
