package io.verbatim.ingest.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/// A clock that a test advances, which runs the tasks that become due. Not thread-safe.
public final class ManualDelays implements CallContext.Delays, InstantSource {
  private static final Duration STEP = Duration.ofMillis(5);
  private static final int MAX_STEPS = 20_000;

  private record Task(Instant due, long number, Runnable task) {}

  private final Queue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(Task::number));
  private Instant now = Instant.EPOCH;
  private long number;

  @Override
  public void after(Duration delay, Runnable task) {
    tasks.add(new Task(now.plus(delay), number++, task));
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration time) {
    Instant end = now.plus(time);
    while (!tasks.isEmpty() && !tasks.peek().due().isAfter(end)) {
      Task next = tasks.remove();
      now = next.due();
      next.task().run();
    }
    now = end;
  }

  /// Advances until the condition holds.
  void advanceUntil(BooleanSupplier condition) {
    for (int step = 0; !condition.getAsBoolean(); step++) {
      if (step == MAX_STEPS) {
        throw new AssertionError("The condition does not hold after " + STEP.multipliedBy(step));
      }
      advance(STEP);
    }
  }
}
