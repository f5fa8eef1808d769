package io.verbatim.ingest;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.handshake.Admission;
import io.verbatim.ingest.websocket.OpenSockets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops the service without losing a call that could still end by itself: nobody new is let in,
/// live calls go on for a while, then they are ended and their sockets closed.
final class IngestDrain {
  private static final Logger logger = LoggerFactory.getLogger(IngestDrain.class);
  private static final Duration ENDING_TAKES_AT_MOST = Duration.ofSeconds(5);
  private static final Duration CLOSING_TAKES_AT_MOST = Duration.ofSeconds(2);

  private final Admission admission;
  private final CallRegistry calls;
  private final OpenSockets sockets;
  private final Duration patience;

  IngestDrain(Admission admission, CallRegistry calls, OpenSockets sockets, Duration patience) {
    this.admission = admission;
    this.calls = calls;
    this.sockets = sockets;
    this.patience = patience;
  }

  /// Drains; blocks the thread that stops the service, and no other.
  void run() {
    admission.stop();
    logger.info("drain.started calls={} timeoutMs={}", calls.size(), patience.toMillis());
    await(calls.empty(), patience);
    calls.endAll("shutdown");
    await(calls.empty(), ENDING_TAKES_AT_MOST);
    int left = calls.size();
    if (left > 0) {
      logger.error("drain.incomplete calls={}", left);
    }
    sockets.closeAll();
    await(sockets.allGone(), CLOSING_TAKES_AT_MOST);
    logger.info("drain.done");
  }

  private static void await(CompletionStage<Void> done, Duration atMost) {
    try {
      done.toCompletableFuture().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // It has had its time; what is left is told by what comes next.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
