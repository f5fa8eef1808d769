package io.verbatim.chaos;

import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.network.TcpRoute;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A slot of the cluster: runs processes of one service, one after another. Thread-safe.
final class ServiceSlot implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private final String name;
  private final SlotRoutes routes;
  private final IntFunction<ServiceProcess> start;
  private final Duration stopTimeout;
  private final Duration restartDelay;
  private ServiceProcess process;
  private int generation;
  private CompletableFuture<Void> up;
  private @Nullable TcpRoute clientRoute;

  /// @param routes of this slot only; the slot closes them
  /// @param start starts the process with a given number
  /// @param stopTimeout time from SIGTERM to SIGKILL
  /// @param restartDelay time from the end of a process to the start of the next one
  ServiceSlot(
      String name,
      SlotRoutes routes,
      Duration stopTimeout,
      Duration restartDelay,
      IntFunction<ServiceProcess> start) {
    this.name = name;
    this.routes = routes;
    this.start = start;
    this.stopTimeout = stopTimeout;
    this.restartDelay = restartDelay;
    process = start.apply(0);
    up = ready(process);
  }

  private static CompletableFuture<Void> ready(ServiceProcess process) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            process.awaitReady(START_TIMEOUT);
            ready.complete(null);
          } catch (IllegalStateException e) {
            ready.completeExceptionally(e);
          }
        });
    return ready;
  }

  /// The route of its processes to Redis.
  TcpRoute redisRoute() {
    return routes.redis();
  }

  /// The route of its processes to the recogniser.
  TcpRoute recognizerRoute() {
    return routes.recognizer();
  }

  /// The route of clients to the current process.
  synchronized TcpRoute clientRoute() {
    TcpRoute route = clientRoute;
    if (route == null) {
      route = TcpRoute.to(() -> process().port());
      clientRoute = route;
    }
    return route;
  }

  /// The name of the slot and the number of its current process.
  synchronized String processName() {
    return name + "." + generation;
  }

  synchronized ServiceProcess process() {
    return process;
  }

  /// Whether the process is ready, and not paused or being stopped.
  synchronized boolean isUp() {
    return up.isDone() && !up.isCompletedExceptionally();
  }

  /// Completes when the process is ready; fails if its start fails.
  synchronized CompletableFuture<Void> up() {
    return up;
  }

  /// Kills the process; a successor is started.
  synchronized void kill() {
    process.process().kill();
    CompletableFuture<Void> successorUp = new CompletableFuture<>();
    up = successorUp;
    VirtualThreads.runAfter(restartDelay, () -> startNext(successorUp));
  }

  /// Sends SIGTERM; a successor is started after the end.
  ///
  /// @return completes at the end; fails if the process had to be killed
  synchronized CompletableFuture<Void> stop() {
    ServiceProcess old = process;
    CompletableFuture<Void> successorUp = new CompletableFuture<>();
    up = successorUp;
    CompletableFuture<Void> down = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          boolean graceful = old.process().stop(stopTimeout);
          complete(
              down,
              graceful
                  ? null
                  : new IllegalStateException(
                      name + " did not end within " + stopTimeout.toSeconds() + " s of SIGTERM"));
          VirtualThreads.runAfter(restartDelay, () -> startNext(successorUp));
        });
    return down;
  }

  /// Starts a successor, and sends SIGTERM to the current process when the successor is ready.
  ///
  /// @return completes at the end; fails if the process had to be killed
  synchronized CompletableFuture<Void> replace() {
    ServiceProcess old = process;
    ServiceProcess successor = start.apply(++generation);
    up =
        ready(successor)
            .thenRun(() -> {
              synchronized (this) {
                process = successor;
              }
            });
    return up.thenRunAsync(
        () -> {
          if (!old.process().stop(stopTimeout)) {
            throw new IllegalStateException(
                name + " did not end within " + stopTimeout.toSeconds() + " s of SIGTERM");
          }
        },
        VirtualThreads.EXECUTOR);
  }

  /// Suspends the process for `length`.
  synchronized CompletableFuture<Void> pause(Duration length) {
    ServiceProcess paused = process;
    paused.process().signal("STOP");
    up = VirtualThreads.runAfter(length, () -> paused.process().signal("CONT"));
    return up;
  }

  private synchronized void startNext(CompletableFuture<Void> successorUp) {
    process = start.apply(++generation);
    up = ready(process);
    up.whenComplete((_, failure) -> complete(successorUp, failure));
  }

  private static void complete(CompletableFuture<Void> future, @Nullable Throwable failure) {
    if (failure == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(failure);
    }
  }

  @Override
  public synchronized void close() {
    process.process().signal("CONT");
    process.close();
    routes.close();
    if (clientRoute != null) {
      clientRoute.close();
    }
  }
}
