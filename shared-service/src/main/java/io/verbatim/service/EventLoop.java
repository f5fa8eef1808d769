package io.verbatim.service;

import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/// The one event loop of a service: its WebSockets, its HTTP connections, its Redis connection, the
/// recogniser's sockets and all their timers run on this one thread.
///
/// State on the data path belongs to the loop, so it needs no lock. Nothing on the loop may block
/// or run longer than a millisecond: such work goes through [#offload]. Methods may be called on
/// any thread unless they say otherwise.
public final class EventLoop implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(EventLoop.class);
  private static final int OFFLOAD_THREADS = 2;
  private static final int MAX_OFFLOADED_WAITING = 256;
  private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

  /// A task that runs later, or repeatedly, unless it is cancelled.
  @FunctionalInterface
  public interface Timer {
    void cancel();
  }

  private final io.netty.channel.EventLoop loop;
  private final boolean owned;
  private final Transport transport;
  private final LoopResources resources;
  private final ThreadPoolExecutor offload;
  private final SequencedSet<ChannelOutboundInvoker> unflushed = new LinkedHashSet<>();

  private EventLoop(io.netty.channel.EventLoop loop, Transport transport, boolean owned) {
    this.loop = loop;
    this.owned = owned;
    this.transport = transport;
    this.resources = new OneLoopResources(loop, transport);
    this.offload =
        new ThreadPoolExecutor(
            OFFLOAD_THREADS,
            OFFLOAD_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_OFFLOADED_WAITING),
            Thread.ofPlatform().name("offload-", 0).daemon().factory());
    offload.allowCoreThreadTimeOut(true);
  }

  /// Starts a loop on its own thread.
  ///
  /// @param name the service's name. The thread's name is this one and `-loop`.
  public static EventLoop start(String name, Transport transport) {
    transport.install();
    logger.info("loop.started name={} transport={}", name, transport.wireName());
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().name(name + "-loop").factory(), transport.ioHandlers());
    return new EventLoop(group.next(), transport, true);
  }

  /// Uses a loop that another component started and stops, such as that of a bus that several
  /// services of one process share.
  public static EventLoop of(io.netty.channel.EventLoop loop) {
    return new EventLoop(loop, Transport.of((io.netty.channel.IoEventLoop) loop), false);
  }

  /// The loop itself, for channels and for the bus.
  public io.netty.channel.EventLoop netty() {
    return loop;
  }

  /// The loop for Reactor Netty's servers and clients.
  public LoopResources resources() {
    return resources;
  }

  public Transport transport() {
    return transport;
  }

  /// Whether the current thread is the loop's.
  public boolean isCurrent() {
    return loop.inEventLoop();
  }

  /// Checks that the caller is on the loop.
  ///
  /// @throws IllegalStateException off the loop
  public void requireCurrent() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException(
          "Called on thread " + Thread.currentThread().getName() + "; call it on the event loop.");
    }
  }

  /// Runs a task on the loop, after the current one. Ignored if the loop is closed.
  public void execute(Runnable task) {
    try {
      loop.execute(guarded(task));
    } catch (RejectedExecutionException _) {
      logger.debug("loop.closed");
    }
  }

  /// Runs a task on the loop: at once if the caller is on it, else as soon as possible.
  public void run(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      execute(task);
    }
  }

  /// Runs a task on the loop after a delay. Ignored if the loop is closed.
  public Timer after(Duration delay, Runnable task) {
    try {
      return cancelling(loop.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException _) {
      return () -> {};
    }
  }

  /// Runs a task on the loop repeatedly, one interval after the end of the last run.
  public Timer every(Duration interval, Runnable task) {
    try {
      return cancelling(
          loop.scheduleWithFixedDelay(
              guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException _) {
      return () -> {};
    }
  }

  private static Timer cancelling(Future<?> scheduled) {
    return () -> scheduled.cancel(false);
  }

  /// Flushes a channel, or a part of its pipeline, once at the end of this iteration of the loop,
  /// for any number of calls. On the loop only.
  public void flushLater(ChannelOutboundInvoker channel) {
    if (unflushed.isEmpty()) {
      loop.execute(this::flush);
    }
    unflushed.add(channel);
  }

  private void flush() {
    while (!unflushed.isEmpty()) {
      unflushed.removeFirst().flush();
    }
  }

  /// Runs work that may block or take long on another thread. The stage completes on the loop.
  ///
  /// Fails with [RejectedExecutionException] if the queue is full.
  public <T> CompletionStage<T> offload(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      offload.execute(() -> {
        try {
          T value = work.call();
          execute(() -> result.complete(value));
        } catch (Exception | LinkageError failure) {
          execute(() -> result.completeExceptionally(failure));
        }
      });
    } catch (RejectedExecutionException full) {
      result.completeExceptionally(full);
    }
    return result;
  }

  public boolean isClosed() {
    return loop.isShuttingDown();
  }

  /// Logs a task's failure: a repeated task that throws would not run again.
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | LinkageError | AssertionError failure) {
        logger.error("loop.task_failed", failure);
      }
    };
  }

  /// Stops the loop and closes every channel on it. Call it last: the bus and the servers need the
  /// loop to close.
  @Override
  public void close() {
    offload.shutdownNow();
    if (owned) {
      loop.shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
  }
}
