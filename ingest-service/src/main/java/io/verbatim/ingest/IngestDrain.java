package io.verbatim.ingest;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.ingest.handshake.CallAdmission;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drains the service before it stops: admits no caller, lets live calls continue for
/// `DRAIN_TIMEOUT`, then ends them and closes their connections, after their last words if those
/// arrive in time.
///
/// Blocks the thread that stops the service. Each step runs on the event loop.
final class IngestDrain {
  private static final Logger logger = LoggerFactory.getLogger(IngestDrain.class);
  private static final Duration ENDING_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration WORDS_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final CallAdmission admission;
  private final CallRegistry calls;
  private final OpenConnections connections;
  private final Duration timeout;

  IngestDrain(
      EventLoop loop,
      CallAdmission admission,
      CallRegistry calls,
      OpenConnections connections,
      Duration timeout) {
    this.loop = loop;
    this.admission = admission;
    this.calls = calls;
    this.connections = connections;
    this.timeout = timeout;
  }

  void run() {
    logger.info("drain.started calls={} timeoutMs={}", calls.size(), timeout.toMillis());
    await(
        () -> {
          admission.stop();
          return calls.empty();
        },
        timeout);
    await(
        () -> {
          calls.endAll("shutdown");
          return calls.empty();
        },
        ENDING_TIMEOUT);
    if (calls.size() > 0) {
      logger.error("drain.incomplete calls={}", calls.size());
    }
    await(connections::finished, WORDS_TIMEOUT);
    await(
        () -> {
          connections.closeAll();
          return connections.empty();
        },
        CLOSING_TIMEOUT);
    logger.info("drain.done");
  }

  private void await(Supplier<CompletionStage<Void>> step, Duration limit) {
    CompletableFuture<Void> done =
        CompletableFuture.supplyAsync(step, loop::execute).thenCompose(Function.identity());
    try {
      done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The next step handles the remaining calls.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
