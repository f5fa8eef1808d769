package io.verbatim.pubsub.memory;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.verbatim.pubsub.message.BusUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loop of the in-memory bus. All requests run on it, so each request is one atomic step.
///
/// Requests run after the current task, as on a real connection: no stage completes inside the call
/// that created it.
final class BusThread implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(BusThread.class);

  private final EventLoop loop;
  private final boolean owned;
  private volatile boolean closed;

  /// Starts its own loop.
  BusThread() {
    this(
        new MultiThreadIoEventLoopGroup(
                1,
                Thread.ofPlatform().name("in-memory-bus").daemon().factory(),
                NioIoHandler.newFactory())
            .next(),
        true);
  }

  /// Uses a loop that belongs to the caller.
  BusThread(EventLoop loop) {
    this(loop, false);
  }

  private BusThread(EventLoop loop, boolean owned) {
    this.loop = loop;
    this.owned = owned;
  }

  EventLoop loop() {
    return loop;
  }

  /// Runs a request and completes with its result; fails if the bus is closed.
  <T> CompletionStage<T> request(Supplier<T> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      loop.execute(() -> {
        if (closed) {
          answer.completeExceptionally(new BusUnavailableException("the bus is closed"));
          return;
        }
        try {
          answer.complete(request.get());
        } catch (RuntimeException e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException _) {
      answer.completeExceptionally(new BusUnavailableException("the bus is closed"));
    }
    return answer;
  }

  /// Runs a request that has no result.
  CompletionStage<Void> run(Runnable request) {
    return request(
            () -> {
              request.run();
              return true;
            })
        .thenAccept(_ -> {});
  }

  /// Runs a callback after the requests that already wait. Logs its failure.
  void enqueue(Runnable callback) {
    schedule(
        Duration.ZERO,
        () -> {
          try {
            callback.run();
          } catch (RuntimeException e) {
            logger.error("bus.callback_failed", e);
          }
        });
  }

  /// Runs a task after a delay, unless the bus is closed by then.
  void schedule(Duration delay, Runnable task) {
    try {
      if (delay.isZero()) {
        loop.execute(() -> unlessClosed(task));
      } else {
        var _ = loop.schedule(() -> unlessClosed(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException _) {
      logger.debug("bus.closed");
    }
  }

  private void unlessClosed(Runnable task) {
    if (!closed) {
      task.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    if (owned) {
      var _ = loop.parent().shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
  }
}
