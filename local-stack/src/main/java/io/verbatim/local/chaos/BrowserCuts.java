package io.verbatim.local.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Cuts the browsers of one gateway after the other, again and again, whatever else happens: each
/// comes back with the id of the last event it had.
final class BrowserCuts implements AutoCloseable {
  private static final Duration APART = Duration.ofSeconds(4);

  private final List<ServiceSlot> gateways;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread cutting;
  private final AtomicInteger connections = new AtomicInteger();

  /// Begins at once, on a thread of its own.
  BrowserCuts(List<ServiceSlot> gateways) {
    this.gateways = gateways;
    cutting = Thread.ofVirtual().name("browser-cuts").start(this::run);
  }

  private void run() {
    try {
      for (int turn = 0; !closed.await(APART.toMillis(), TimeUnit.MILLISECONDS); turn++) {
        connections.addAndGet(gateways.get(turn % gateways.size()).front().cut());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// How many connections were cut so far.
  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    closed.countDown();
    cutting.interrupt();
  }
}
