package io.verbatim.pubsub.memory;

import io.verbatim.pubsub.DeadLetters;
import io.verbatim.pubsub.message.DeadLetter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The dead letters in memory, newest first.
final class InMemoryDeadLetters implements DeadLetters {
  private static final int MAX = 50;

  private final BusThread thread;
  private final Deque<DeadLetter> letters = new ArrayDeque<>();
  private long added;

  InMemoryDeadLetters(BusThread thread) {
    this.thread = thread;
  }

  @Override
  public CompletionStage<Void> add(String source, String entry, String reason) {
    return thread.run(() -> {
      added++;
      letters.addFirst(new DeadLetter(added + "-0", source, entry, reason));
      if (letters.size() > MAX) {
        letters.removeLast();
      }
    });
  }

  @Override
  public CompletionStage<List<DeadLetter>> list() {
    return thread.request(() -> List.copyOf(letters));
  }

  @Override
  public CompletionStage<Boolean> delete(String id) {
    return thread.request(() -> letters.removeIf(letter -> letter.id().equals(id)));
  }

  @Override
  public CompletionStage<Long> deleteAll() {
    return thread.request(() -> {
      long count = letters.size();
      letters.clear();
      return count;
    });
  }
}
