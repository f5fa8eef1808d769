package io.verbatim.local.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.numbers.NumbersRecognizer;
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
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The running system: a Redis, and slots for ingest, workers and gateways, each with a process of
/// its own. Thread-safe; [#close] ends everything.
final class Cluster implements AutoCloseable {
  static final String EXOTEL_USER = "exotel";
  static final String EXOTEL_PASSWORD = "chaos";

  /// The live calls of an ingest that is replaced may go on for 25 s.
  private static final Duration DRAINING = Duration.ofSeconds(45);

  private static final Duration STOPPING = Duration.ofSeconds(10);

  private final Path root;
  private final Path logs;
  private final LocalKeys keys;
  private final URI recognizer;
  private final RedisServer redis;
  private final ServiceSlot ingest;
  private final List<ServiceSlot> workers = new ArrayList<>();
  private final List<ServiceSlot> gateways = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();

  /// Starts everything and waits until it is ready.
  Cluster(Path root, Path logs, Plan plan, LocalKeys keys, NumbersRecognizer recognizer) {
    this.root = root;
    this.logs = logs;
    this.keys = keys;
    this.recognizer = recognizer.uri();
    redis = plan.durable() ? RedisServer.startDurable() : RedisServer.startOwn();
    ingest = slot("ingest", DRAINING, plan, this::startIngest);
    for (int i = 0; i < plan.workers(); i++) {
      String name = "worker-" + i;
      workers.add(
          slot(
              name,
              STOPPING,
              plan,
              (routes, generation) -> startWorker(routes, name + "." + generation)));
    }
    for (int i = 0; i < plan.gateways(); i++) {
      int port = FreePort.find();
      gateways.add(slot("gateway-" + i, STOPPING, plan, (routes, _) -> startGateway(routes, port)));
    }
    awaitWhole();
  }

  private interface Starter {
    ServiceProcess start(SlotRoutes routes, int generation);
  }

  private ServiceSlot slot(String name, Duration stopping, Plan plan, Starter starter) {
    SlotRoutes routes = SlotRoutes.to(redis.url(), recognizer.toString());
    return new ServiceSlot(
        name, routes, stopping, plan.vacancy(), generation -> starter.start(routes, generation));
  }

  RedisServer redis() {
    return redis;
  }

  ServiceSlot ingestSlot() {
    return ingest;
  }

  List<ServiceSlot> workers() {
    return workers;
  }

  List<ServiceSlot> gateways() {
    return gateways;
  }

  /// Of all services.
  List<ServiceSlot> slots() {
    return Stream.of(List.of(ingest), workers, gateways).flatMap(List::stream).toList();
  }

  /// Waits until a process is ready in every slot.
  void awaitWhole() {
    slots().forEach(slot -> slot.up().join());
  }

  /// Where a caller calls now.
  URI ingest() {
    return URI.create("ws://127.0.0.1:" + ingest.process().port() + "/v1/ingest");
  }

  /// A path of the gateway whose turn it is.
  URI gateway(String path) {
    int turn = Math.floorMod(asked.getAndIncrement(), gateways.size());
    return gateways.get(turn).process().http(path);
  }

  private ServiceProcess startIngest(SlotRoutes routes, int generation) {
    return start(
        ServiceJar.INGEST,
        routes,
        "ingest." + generation,
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
    all.put("REDIS_URL", routes.redis().redisUrl());
    return jar.start(root, all, logs.resolve(name + ".log"));
  }

  @Override
  public void close() {
    slots().forEach(ServiceSlot::close);
    redis.close();
  }
}
