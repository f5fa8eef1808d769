package io.verbatim.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// Measures how late the event loop runs: a task that is due every 100 ms records its delay.
///
/// A delay of more than a few milliseconds means that something on the loop takes too long, or that
/// the processor is busy with other work.
public final class LoopLag implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final Timer lag;
  private final EventLoop.Timer task;
  private long dueNanos = System.nanoTime() + INTERVAL.toNanos();

  /// @param service the service's name in metrics, such as `ingest`
  public LoopLag(EventLoop loop, MeterRegistry registry, String service) {
    lag =
        Timer.builder("verbatim." + service + ".loop.lag")
            .description("Delay of a task that is due every 100 ms on the event loop")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(5))
            .register(registry);
    task = loop.every(INTERVAL, this::record);
  }

  private void record() {
    long now = System.nanoTime();
    lag.record(Duration.ofNanos(Math.max(0, now - dueNanos)));
    dueNanos = now + INTERVAL.toNanos();
  }

  @Override
  public void close() {
    task.cancel();
  }
}
