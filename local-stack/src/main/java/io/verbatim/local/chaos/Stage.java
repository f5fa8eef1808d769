package io.verbatim.local.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.process.FreePort;
import io.verbatim.local.process.ServiceJar;
import io.verbatim.local.process.ServiceProcess;
import io.verbatim.pubsub.testkit.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/// The running system: a durable Redis, one ingest, some workers and a gateway, each a process of
/// its own, and what can be done to them. Thread-safe; [#close] ends everything.
final class Stage implements AutoCloseable {
  static final String EXOTEL_USER = "exotel";
  static final String EXOTEL_PASSWORD = "chaos";
  private static final Duration STARTING_TAKES_AT_MOST = Duration.ofSeconds(90);
  private static final int LONGER_THAN_THE_LEASE_MILLIS = 3_000;

  private record Worker(String key, ServiceProcess process, CompletableFuture<Void> ready) {}

  private final Path root;
  private final Path logs;
  private final LocalKeys keys;
  private final Takeovers takeovers;
  private final NumbersRecognizer recognizer;
  private final RedisServer redis = RedisServer.startDurable();
  private final int gatewayPort = FreePort.find();
  private final List<Worker> workers = new ArrayList<>();
  private final ServiceProcess ingest;
  private ServiceProcess gateway;
  private int started;

  Stage(
      Path root,
      Path logs,
      int workers,
      LocalKeys keys,
      Takeovers takeovers,
      NumbersRecognizer recognizer) {
    this.root = root;
    this.logs = logs;
    this.keys = keys;
    this.takeovers = takeovers;
    this.recognizer = recognizer;
    ingest =
        start(
            ServiceJar.INGEST,
            Map.of(
                "SUPPORT_EXOTEL", "true",
                "EXOTEL_USERNAME", EXOTEL_USER,
                "EXOTEL_PASSWORD", EXOTEL_PASSWORD));
    gateway = startGateway();
    for (int i = 0; i < workers; i++) {
      this.workers.add(startWorker());
    }
    ingest.awaitReady(STARTING_TAKES_AT_MOST);
    gateway.awaitReady(STARTING_TAKES_AT_MOST);
    this.workers.forEach(worker -> worker.ready().join());
  }

  URI ingest() {
    return URI.create("ws://127.0.0.1:" + ingest.port() + "/v1/ingest");
  }

  URI gateway(String path) {
    return URI.create("http://127.0.0.1:" + gatewayPort + path);
  }

  private ServiceProcess start(ServiceJar jar, Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("REDIS_URL", redis.url());
    return jar.start(root, all, logs.resolve(jar.module() + ".log"));
  }

  private ServiceProcess startGateway() {
    return start(
        ServiceJar.GATEWAY,
        Map.of(
            "PORT", Integer.toString(gatewayPort),
            "MAX_SSE_CLIENTS", "500",
            "JWT_PUBLIC_KEY", keys.publicKeyPem()));
  }

  private Worker startWorker() {
    String key = "worker-" + started++;
    ServiceProcess process =
        ServiceJar.WORKER.start(
            root,
            Map.of(
                "REDIS_URL", redis.url(),
                "DEEPGRAM_API_KEY", key,
                "DEEPGRAM_URL", recognizer.uri().toString()),
            logs.resolve(key + ".log"));
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
    return new Worker(key, process, ready);
  }

  /// Does it, where the system can bear it now: with fewer than two ready workers none is touched.
  ///
  /// @param choice a number below its argument, to choose among several
  /// @return what was done to whom; empty where nothing was
  synchronized Optional<String> suffer(Fault fault, IntUnaryOperator choice) {
    return switch (fault) {
      case WORKER_KILL, WORKER_STOP, WORKER_PAUSE -> sufferWorker(fault, choice);
      case GATEWAY_KILL -> {
        gateway.kill();
        gateway.close();
        gateway = startGateway();
        yield Optional.of("gateway");
      }
      case GATEWAY_STOP -> {
        gateway.close();
        gateway = startGateway();
        yield Optional.of("gateway");
      }
      case RECOGNIZER_CUT -> {
        recognizer.cutAll();
        yield Optional.of("all sessions");
      }
      case REDIS_KILL -> {
        redis.kill();
        redis.restart();
        yield Optional.of("redis");
      }
      case REDIS_PAUSE -> {
        int millis = 1_000 + choice.applyAsInt(2_000);
        redis.pause();
        later(millis, redis::resume).join();
        yield Optional.of("redis for " + millis + " ms");
      }
    };
  }

  private Optional<String> sufferWorker(Fault fault, IntUnaryOperator choice) {
    List<Worker> ready =
        workers.stream()
            .filter(worker -> worker.ready().isDone() && !worker.ready().isCompletedExceptionally())
            .toList();
    if (ready.size() < 2) {
      return Optional.empty();
    }
    Worker victim = ready.get(choice.applyAsInt(ready.size()));
    String token = "Token " + victim.key();
    List<Integer> calls = recognizer.callsOf(token);
    takeovers.orphaned(calls, fault, token);
    String touched = victim.key() + " with " + calls.size() + " calls";
    if (fault == Fault.WORKER_PAUSE) {
      int millis = LONGER_THAN_THE_LEASE_MILLIS + choice.applyAsInt(2_000);
      victim.process().signal("STOP");
      later(millis, () -> victim.process().signal("CONT")).join();
      return Optional.of(touched + " for " + millis + " ms");
    }
    if (fault == Fault.WORKER_KILL) {
      victim.process().kill();
    }
    victim.process().close();
    workers.remove(victim);
    workers.add(startWorker());
    return Optional.of(touched);
  }

  private static CompletableFuture<Void> later(int millis, Runnable step) {
    return CompletableFuture.runAsync(
        step, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
  }

  @Override
  public synchronized void close() {
    ingest.close();
    workers.forEach(worker -> worker.process().close());
    gateway.close();
    redis.close();
  }
}
