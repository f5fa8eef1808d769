package io.verbatim.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.FreePort;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import io.verbatim.testkit.deepgram.DeepgramStandIn;
import io.verbatim.testkit.redis.RedisSentinels;
import io.verbatim.testkit.redis.RedisServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/// The running system: Redis, and slots for ingests, workers and gateways, each with its own
/// process. Thread-safe; [#close] ends everything.
final class Cluster implements AutoCloseable {
  /// 20 s of the calls of 48 kHz: two outages in a row.
  static final DataSize CALL_BUFFER = DataSize.ofMegabytes(2);

  static final String EXOTEL_USER = "exotel";
  static final String EXOTEL_PASSWORD = "chaos";

  /// Longer than the 25 s for which a stopped ingest serves its live calls.
  private static final Duration INGEST_STOP_TIMEOUT = Duration.ofSeconds(45);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final List<Path> roots;
  private final AtomicInteger starts = new AtomicInteger();
  private final Path logs;
  private final LocalKeys keys;
  private final URI recognizer;
  private final @Nullable RedisServer redis;
  private final @Nullable RedisSentinels sentinels;
  private final List<ServiceSlot> ingests = new ArrayList<>();
  private final List<ServiceSlot> workers = new ArrayList<>();
  private final List<ServiceSlot> gateways = new ArrayList<>();
  private final AtomicInteger gatewayTurn = new AtomicInteger();
  private final AtomicInteger ingestTurn = new AtomicInteger();

  /// Starts all processes and waits until they are ready.
  Cluster(List<Path> roots, Path logs, Plan plan, LocalKeys keys, DeepgramStandIn recognizer) {
    this.roots = List.copyOf(roots);
    this.logs = logs;
    this.keys = keys;
    this.recognizer = recognizer.url();
    Plan.Setup setup = plan.setup();
    redis =
        switch (setup.redis()) {
          case ORDINARY -> RedisServer.startOwn();
          case DURABLE -> RedisServer.startDurable();
          case SENTINEL -> null;
        };
    sentinels = redis == null ? RedisSentinels.start() : null;
    for (int i = 0; i < setup.ingests(); i++) {
      String name = "ingest-" + i;
      ingests.add(
          slot(
              name,
              INGEST_STOP_TIMEOUT,
              setup,
              (routes, generation) -> startIngest(routes, name + "." + generation)));
    }
    for (int i = 0; i < setup.workers(); i++) {
      String name = "worker-" + i;
      workers.add(
          slot(
              name,
              STOP_TIMEOUT,
              setup,
              (routes, generation) -> startWorker(routes, name + "." + generation)));
    }
    for (int i = 0; i < setup.gateways(); i++) {
      int port = FreePort.find();
      gateways.add(
          slot("gateway-" + i, STOP_TIMEOUT, setup, (routes, _) -> startGateway(routes, port)));
    }
    awaitReady();
  }

  private interface Starter {
    ServiceProcess start(SlotRoutes routes, int generation);
  }

  private ServiceSlot slot(String name, Duration stopTimeout, Plan.Setup setup, Starter starter) {
    String redisUrl = sentinels == null ? redis().url() : sentinels.primaryUrl();
    SlotRoutes routes = SlotRoutes.to(redisUrl, recognizer.toString());
    return new ServiceSlot(
        name,
        routes,
        stopTimeout,
        setup.restartDelay(),
        generation -> starter.start(routes, generation));
  }

  /// @throws NullPointerException if the run has sentinels
  RedisServer redis() {
    return Objects.requireNonNull(redis, "the run has sentinels");
  }

  /// @throws NullPointerException if the run has no sentinels
  RedisSentinels sentinels() {
    return Objects.requireNonNull(sentinels, "the run has no sentinels");
  }

  List<ServiceSlot> ingests() {
    return ingests;
  }

  List<ServiceSlot> workers() {
    return workers;
  }

  List<ServiceSlot> gateways() {
    return gateways;
  }

  /// The slots of all services.
  List<ServiceSlot> slots() {
    return Stream.of(ingests, workers, gateways).flatMap(List::stream).toList();
  }

  /// The number of instances of each service, by the name of its Redis client.
  Map<String, Long> instances() {
    return Map.of(
        ServiceJar.INGEST.module(), (long) ingests.size(),
        ServiceJar.WORKER.module(), (long) workers.size(),
        ServiceJar.GATEWAY.module(), (long) gateways.size());
  }

  /// Waits until a process is ready in every slot.
  void awaitReady() {
    slots().forEach(slot -> slot.up().join());
  }

  /// The URL of an ingest for a non-resuming caller; the ingests take turns.
  URI ingest() {
    int turn = Math.floorMod(ingestTurn.getAndIncrement(), ingests.size());
    return ingestUrl(ingests.get(turn).process().port());
  }

  /// The URL of an ingest for a resuming caller, by the route that faults can affect.
  ///
  /// @param attempt selects the ingest: the number of the caller's connection
  URI ingest(int attempt) {
    return routedUrl(ingests.get(Math.floorMod(attempt, ingests.size())));
  }

  /// The URL of this ingest by its route.
  static URI routedUrl(ServiceSlot ingest) {
    return ingestUrl(ingest.clientRoute().port());
  }

  private static URI ingestUrl(int port) {
    return URI.create("ws://127.0.0.1:" + port + "/v1/ingest");
  }

  /// The URL of a path on a gateway, by its route; the gateways take turns.
  URI gateway(String path) {
    int turn = Math.floorMod(gatewayTurn.getAndIncrement(), gateways.size());
    return URI.create("http://127.0.0.1:" + gateways.get(turn).clientRoute().port() + path);
  }

  private ServiceProcess startIngest(SlotRoutes routes, String name) {
    return start(
        ServiceJar.INGEST,
        routes,
        name,
        Map.of(
            "SUPPORT_EXOTEL",
            "true",
            "EXOTEL_USERNAME",
            EXOTEL_USER,
            "EXOTEL_PASSWORD",
            EXOTEL_PASSWORD,
            "CALL_BUFFER",
            CALL_BUFFER.toMegabytes() + "MB",
            "JWT_PUBLIC_KEY",
            keys.publicKeyPem()));
  }

  private ServiceProcess startGateway(SlotRoutes routes, int port) {
    return start(
        ServiceJar.GATEWAY,
        routes,
        "gateway." + port,
        Map.of(
            "PORT", Integer.toString(port),
            "MAX_SSE_CLIENTS", "500",
            "JWT_PUBLIC_KEY", keys.publicKeyPem()));
  }

  /// Starts a worker with its own API key for the recogniser.
  private ServiceProcess startWorker(SlotRoutes routes, String key) {
    return start(
        ServiceJar.WORKER,
        routes,
        key,
        Map.of("DEEPGRAM_API_KEY", key, "DEEPGRAM_URL", routes.recognizerUrl()));
  }

  private ServiceProcess start(
      ServiceJar jar, SlotRoutes routes, String name, Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("REDIS_URL", sentinels == null ? routes.redis().redisUrl() : sentinels.url());
    Path root = roots.get(starts.getAndIncrement() % roots.size());
    return jar.start(root, all, logs.resolve(name + ".log"));
  }

  @Override
  public void close() {
    CompletableFuture.allOf(
            slots().stream()
                .map(slot -> CompletableFuture.runAsync(slot::close, VirtualThreads.EXECUTOR))
                .toArray(CompletableFuture[]::new))
        .join();
    if (redis != null) {
      redis.close();
    }
    if (sentinels != null) {
      sentinels.close();
    }
  }
}
