package io.verbatim.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Cuts the browser connections of one gateway after another, every 4 s during the run. Each
/// browser reconnects with the id of its last event.
final class BrowserCuts implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(4);

  private final List<ServiceSlot> gateways;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private final AtomicInteger connections = new AtomicInteger();

  /// Starts immediately, on its own thread.
  BrowserCuts(List<ServiceSlot> gateways) {
    this.gateways = gateways;
    thread = Thread.ofVirtual().name("browser-cuts").start(this::run);
  }

  private void run() {
    try {
      for (int turn = 0; !closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS); turn++) {
        connections.addAndGet(gateways.get(turn % gateways.size()).clientRoute().cut());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// The number of connections cut so far.
  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
