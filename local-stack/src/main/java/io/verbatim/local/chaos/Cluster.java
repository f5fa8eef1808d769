package io.verbatim.local.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.numbers.NumbersRecognizer;
import io.verbatim.local.process.FreePort;
import io.verbatim.local.process.ServiceJar;
import io.verbatim.local.process.ServiceProcess;
import io.verbatim.pubsub.testkit.RedisSentinels;
import io.verbatim.pubsub.testkit.RedisServer;
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

/// The running system: a Redis, and slots for ingest, workers and gateways, each with a process of
/// its own. Thread-safe; [#close] ends everything.
final class Cluster implements AutoCloseable {
  static final String EXOTEL_USER = "exotel";
  static final String EXOTEL_PASSWORD = "chaos";

  /// The live calls of an ingest that is replaced may go on for 25 s.
  private static final Duration DRAINING = Duration.ofSeconds(45);

  private static final Duration STOPPING = Duration.ofSeconds(10);

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
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger called = new AtomicInteger();

  /// Starts everything and waits until it is ready.
  Cluster(List<Path> roots, Path logs, Plan plan, LocalKeys keys, NumbersRecognizer recognizer) {
    this.roots = List.copyOf(roots);
    this.logs = logs;
    this.keys = keys;
    this.recognizer = recognizer.uri();
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
              DRAINING,
              setup,
              (routes, generation) -> startIngest(routes, name + "." + generation)));
    }
    for (int i = 0; i < setup.workers(); i++) {
      String name = "worker-" + i;
      workers.add(
          slot(
              name,
              STOPPING,
              setup,
              (routes, generation) -> startWorker(routes, name + "." + generation)));
    }
    for (int i = 0; i < setup.gateways(); i++) {
      int port = FreePort.find();
      gateways.add(
          slot("gateway-" + i, STOPPING, setup, (routes, _) -> startGateway(routes, port)));
    }
    awaitWhole();
  }

  private interface Starter {
    ServiceProcess start(SlotRoutes routes, int generation);
  }

  private ServiceSlot slot(String name, Duration stopping, Plan.Setup setup, Starter starter) {
    String redisUrl = sentinels == null ? redis().url() : sentinels.primaryUrl();
    SlotRoutes routes = SlotRoutes.to(redisUrl, recognizer.toString());
    return new ServiceSlot(
        name, routes, stopping, setup.vacancy(), generation -> starter.start(routes, generation));
  }

  /// @throws NullPointerException where there are sentinels
  RedisServer redis() {
    return Objects.requireNonNull(redis, "the run has sentinels");
  }

  /// @throws NullPointerException where there are none
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

  /// Of all services.
  List<ServiceSlot> slots() {
    return Stream.of(ingests, workers, gateways).flatMap(List::stream).toList();
  }

  /// Waits until a process is ready in every slot.
  void awaitWhole() {
    slots().forEach(slot -> slot.up().join());
  }

  /// Where a caller of Exotel's calls now: the ingest whose turn it is.
  URI ingest() {
    int turn = Math.floorMod(called.getAndIncrement(), ingests.size());
    return ingestUrl(ingests.get(turn).process().port());
  }

  /// Where a caller that resumes calls: one ingest after the other, by a route that faults may
  /// befall.
  ///
  /// @param attempt counts the caller's connections
  URI ingest(int attempt) {
    return frontUrl(ingests.get(Math.floorMod(attempt, ingests.size())));
  }

  /// Where callers reach this ingest by its route.
  static URI frontUrl(ServiceSlot ingest) {
    return ingestUrl(ingest.front().port());
  }

  private static URI ingestUrl(int port) {
    return URI.create("ws://127.0.0.1:" + port + "/v1/ingest");
  }

  /// A path of the gateway whose turn it is, by its route.
  URI gateway(String path) {
    int turn = Math.floorMod(asked.getAndIncrement(), gateways.size());
    return URI.create("http://127.0.0.1:" + gateways.get(turn).front().port() + path);
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

  /// Each worker shows the recogniser a key of its own.
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
                .map(slot -> CompletableFuture.runAsync(slot::close, Later.THREADS))
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
