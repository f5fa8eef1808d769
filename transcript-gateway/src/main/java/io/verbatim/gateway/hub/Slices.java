package io.verbatim.gateway.hub;

import io.verbatim.service.EventLoop;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an action for each of many items without blocking the event loop: one slice per iteration
/// of the loop, so that other tasks and the flushes of each slice run in between.
final class Slices {

  private static final Logger logger = LoggerFactory.getLogger(Slices.class);

  private Slices() {}

  /// Runs the first slice at once.
  ///
  /// @param items must not change until the end
  /// @param size items per slice
  /// @param done runs after the last item
  static <T> void forEach(
      EventLoop loop, List<T> items, int size, Consumer<? super T> action, Runnable done) {
    int end = Math.min(size, items.size());
    for (T item : items.subList(0, end)) {
      try {
        action.accept(item);
      } catch (RuntimeException failure) { // One subscriber's failure does not stop the others.
        logger.error("hub.action_failed", failure);
      }
    }
    if (end == items.size()) {
      done.run();
    } else {
      List<T> others = items.subList(end, items.size());
      loop.execute(() -> forEach(loop, others, size, action, done));
    }
  }
}
