package io.verbatim.pubsub.memory;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Notifies readers of changes, by key. A key is removed when its last reader closes.
final class InvalidationListeners {
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

  void notifyReaders(Object key) {
    List.copyOf(readers.getOrDefault(key, Set.of())).forEach(PullReader::onChange);
  }
}
