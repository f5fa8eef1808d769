package io.verbatim.local.chaos;

import io.verbatim.local.process.ServiceProcess;
import io.verbatim.pubsub.testkit.TcpRoute;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A slot of the cluster: one service runs here, one process after the other. Thread-safe.
final class ServiceSlot implements AutoCloseable {
  private static final Duration STARTING_TAKES_AT_MOST = Duration.ofMinutes(2);

  private final String name;
  private final SlotRoutes routes;
  private final IntFunction<ServiceProcess> start;
  private final Duration stopping;
  private final Duration vacancy;
  private ServiceProcess process;
  private int generation;
  private CompletableFuture<Void> up;
  private @Nullable TcpRoute front;

  /// @param routes of this slot only: it closes them
  /// @param start starts the process with this number
  /// @param stopping takes at most so long
  /// @param vacancy how long the slot is empty before the next process is started
  ServiceSlot(
      String name,
      SlotRoutes routes,
      Duration stopping,
      Duration vacancy,
      IntFunction<ServiceProcess> start) {
    this.name = name;
    this.routes = routes;
    this.start = start;
    this.stopping = stopping;
    this.vacancy = vacancy;
    process = start.apply(0);
    up = ready(process);
  }

  private static CompletableFuture<Void> ready(ServiceProcess process) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            process.awaitReady(STARTING_TAKES_AT_MOST);
            ready.complete(null);
          } catch (IllegalStateException e) {
            ready.completeExceptionally(e);
          }
        });
    return ready;
  }

  /// By which its processes reach Redis.
  TcpRoute redisRoute() {
    return routes.redis();
  }

  /// By which its processes reach the recogniser.
  TcpRoute recognizerRoute() {
    return routes.recognizer();
  }

  /// By which clients reach the process that is there when they connect.
  synchronized TcpRoute front() {
    TcpRoute route = front;
    if (route == null) {
      route = TcpRoute.to(() -> process().port());
      front = route;
    }
    return route;
  }

  /// Its name and which process of it this is.
  synchronized String occupant() {
    return name + "." + generation;
  }

  synchronized ServiceProcess process() {
    return process;
  }

  /// Whether it is there, ready and left alone.
  synchronized boolean isUp() {
    return up.isDone() && !up.isCompletedExceptionally();
  }

  /// Completes when it is up; fails when it does not come up.
  synchronized CompletableFuture<Void> up() {
    return up;
  }

  /// Kills it; another process follows.
  synchronized void kill() {
    process.kill();
    CompletableFuture<Void> promised = new CompletableFuture<>();
    up = promised;
    Later.after(vacancy, () -> next(promised));
  }

  /// Asks it to end; another process follows when it has.
  ///
  /// Fails where it had to be killed.
  synchronized CompletableFuture<Void> stop() {
    ServiceProcess old = process;
    CompletableFuture<Void> promised = new CompletableFuture<>();
    up = promised;
    CompletableFuture<Void> down = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          boolean willing = old.stop(stopping);
          complete(down, willing ? null : new IllegalStateException(name + " did not end"));
          Later.after(vacancy, () -> next(promised));
        });
    return down;
  }

  /// Starts another process, and asks this one to end when that one is up.
  ///
  /// Fails where it had to be killed.
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
          if (!old.stop(stopping)) {
            throw new IllegalStateException(name + " did not end");
          }
        },
        Later.THREADS);
  }

  /// Stands still for so long.
  synchronized CompletableFuture<Void> pause(Duration length) {
    ServiceProcess paused = process;
    paused.signal("STOP");
    up = Later.after(length, () -> paused.signal("CONT"));
    return up;
  }

  private synchronized void next(CompletableFuture<Void> promised) {
    process = start.apply(++generation);
    up = ready(process);
    up.whenComplete((_, failure) -> complete(promised, failure));
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
    process.signal("CONT");
    process.close();
    routes.close();
    if (front != null) {
      front.close();
    }
  }
}
