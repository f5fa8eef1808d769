package io.verbatim.ingest.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes the steps of one object one at a time, whichever thread they come by, and tells what came
/// of them only when the lock is free again: whoever is told may come back, or wait for others.
final class Steps {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> news = new ArrayList<>();
  private final Runnable next;

  /// @param next done after every step, under the lock
  Steps(Runnable next) {
    this.next = next;
  }

  /// Takes a step, and what is next after it. A step within a step is part of it.
  void take(Runnable step) {
    List<Runnable> toTell = List.of();
    lock.lock();
    try {
      step.run();
      next.run();
      if (lock.getHoldCount() == 1) {
        toTell = List.copyOf(news);
        news.clear();
      }
    } finally {
      lock.unlock();
    }
    toTell.forEach(Runnable::run);
  }

  /// Reads something between two steps.
  <T extends @Nullable Object> T read(Supplier<T> value) {
    lock.lock();
    try {
      return value.get();
    } finally {
      lock.unlock();
    }
  }

  /// Has something told after the step that is being taken.
  void tell(Runnable what) {
    news.add(what);
  }
}
