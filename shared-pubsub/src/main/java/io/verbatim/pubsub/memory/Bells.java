package io.verbatim.pubsub.memory;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who waits for what. A key is there as long as a reader of it is open.
final class Bells {
  private final Map<Object, Set<PullReader<?>>> readers = new HashMap<>();

  void add(Object key, PullReader<?> reader) {
    readers.computeIfAbsent(key, _ -> new LinkedHashSet<>()).add(reader);
  }

  void remove(Object key, PullReader<?> reader) {
    readers.computeIfPresent(
        key,
        (_, waiting) -> {
          waiting.remove(reader);
          return waiting.isEmpty() ? null : waiting;
        });
  }

  void ring(Object key) {
    List.copyOf(readers.getOrDefault(key, Set.of())).forEach(PullReader::ring);
  }
}
