package io.verbatim.bench.pipeline;

import io.verbatim.bench.calls.ExotelLoad;
import io.verbatim.bench.pipeline.TranscriptWatcher.Seen;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.JavaOptions;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.ServiceJar;
import io.verbatim.testkit.network.TcpRoute;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/// The three services, Redis and the checking recogniser as a running system. Its creator closes
/// it.
public final class PipelineStack implements AutoCloseable {
  private static final String TOKEN = "bench";
  private static final String TENANT = "bench";
  private static final Duration ENDING_LIMIT = Duration.ofSeconds(30);

  private final Loop generatorLoop = new Loop("generator");
  private final Loop recognizerLoop = new Loop("recogniser");
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final Map<ServiceJar, Service> services = new EnumMap<>(ServiceJar.class);
  private final CheckingRecognizer recognizer;
  private final Redis redis;
  private final @Nullable TcpRoute route;
  private int runs;

  /// Starts everything.
  ///
  /// @param maxCalls the maximum number of concurrent calls
  /// @param javaOptions of every service, in addition to those of the Dockerfiles
  /// @param limits of the services; a service without one is not limited
  /// @param redisDelay the delay between the services and Redis in each direction; zero for direct
  ///   connections
  public PipelineStack(
      Workspace workspace,
      int maxCalls,
      JavaOptions javaOptions,
      Map<ServiceJar, InstanceLimit> limits,
      Duration redisDelay) {
    recognizer = new CheckingRecognizer(recognizerLoop);
    redis = Redis.start(workspace, "redis-pipeline");
    route = redisDelay.isZero() ? null : TcpRoute.to(redis.url());
    if (route != null) {
      route.delay(redisDelay, redisDelay);
    }
    String calls = Integer.toString(maxCalls);
    Map<ServiceJar, Map<String, String>> settings =
        Map.of(
            ServiceJar.WORKER,
            Map.of(
                "DEEPGRAM_API_KEY",
                "bench",
                "DEEPGRAM_URL",
                recognizer.url(),
                "DEEPGRAM_MAX_STREAMS",
                calls,
                "MAX_CALLS",
                calls),
            ServiceJar.INGEST,
            Map.of(
                "SUPPORT_EXOTEL",
                "true",
                "EXOTEL_PATH_TOKEN",
                TOKEN,
                "MAX_CALLS",
                calls,
                "JWT_PUBLIC_KEY",
                keys.publicKeyPem()),
            ServiceJar.GATEWAY,
            Map.of(
                "JWT_PUBLIC_KEY", keys.publicKeyPem(),
                "REQUESTS_PER_SECOND", "100000",
                "MAX_SSE_CLIENTS", Integer.toString(maxCalls + 10)));
    for (ServiceJar kind : ServiceJar.values()) {
      Map<String, String> all = new TreeMap<>(settings.getOrDefault(kind, Map.of()));
      if (route != null) {
        all.put("REDIS_URL", route.redisUrl());
      }
      services.put(kind, Service.start(workspace, kind, redis, all, javaOptions, limits.get(kind)));
    }
    services.values().forEach(Service::awaitReady);
  }

  /// The same limit for all services together.
  ///
  /// @param limit null for none
  public static Map<ServiceJar, InstanceLimit> together(@Nullable InstanceLimit limit) {
    Map<ServiceJar, InstanceLimit> limits = new EnumMap<>(ServiceJar.class);
    if (limit != null) {
      for (ServiceJar kind : ServiceJar.values()) {
        limits.put(kind, limit);
      }
    }
    return limits;
  }

  int ingestPort() {
    return service(ServiceJar.INGEST).port();
  }

  private Service service(ServiceJar kind) {
    Service service = services.get(kind);
    if (service == null) {
      throw new IllegalStateException(kind + " is not started");
    }
    return service;
  }

  /// Well-formed tokens that ingest must refuse after a signature check: one signed by another key,
  /// and one that has expired.
  List<String> refusedTokens() {
    LocalKeys otherKeys = new LocalKeys(InstantSource.system());
    return List.of(
        otherKeys.token("audio:write", TENANT, Duration.ofHours(1)),
        keys.token("audio:write", TENANT, Duration.ofHours(-1)));
  }

  /// Runs calls, measures them, and checks each one after its end.
  ///
  /// @param settle the time from the first frame to the first window
  public PipelineResult run(int calls, Duration settle, int windows, Duration window) {
    return run(calls, settle, windows, window, 0);
  }

  /// The same, with further watchers that join at each window and leave at its end.
  ///
  /// @param visitors their number
  public PipelineResult run(
      int calls, Duration settle, int windows, Duration window, int visitors) {
    recognizer.begin();
    PipelineResult result = new PipelineResult();
    String prefix = String.format(Locale.ROOT, "pipeline%04dx", runs++);
    try (ExotelLoad load =
        new ExotelLoad(generatorLoop, ingestPort(), "/v1/ingest/" + TOKEN, prefix, calls, runs)) {
      List<CompletableFuture<Seen>> watchers = new ArrayList<>();
      load.start();
      String token = keys.token("transcripts:read", TENANT, Duration.ofHours(6));
      for (String callSid : load.callSids()) {
        watchers.add(TranscriptWatcher.watch(transcript(callSid), token));
      }
      Workspace.sleep(settle);
      result.opening.add(recognizer.takeAges().opening());
      for (int i = 0; i < windows; i++) {
        List<Disposable> visits = new ArrayList<>();
        for (String callSid : load.callSids().subList(0, visitors)) {
          visits.add(TranscriptWatcher.visit(transcript(callSid), token));
        }
        window(load, window, result);
        visits.forEach(Disposable::dispose);
      }
      load.failOnProblem();
      result.connections = connections();
      check(load.stop(), watchers, result);
      // Frames of late sessions are in no window, but in `opening`.
      result.opening.add(recognizer.takeAges().opening());
    }
    return result;
  }

  private URI transcript(String callSid) {
    return service(ServiceJar.GATEWAY).http("/v1/calls/" + callSid + "/transcript");
  }

  private void window(ExotelLoad load, Duration window, PipelineResult result) {
    load.swapLateness();
    recognizer.takeAges();
    Map<String, ChildProcess> processes = processesByName();
    Machine machine = Machine.watch(List.copyOf(processes.values()));
    Map<String, Long> before = new TreeMap<>();
    processes.forEach((name, process) -> before.put(name, process.cpuNanos()));
    long sent = load.sent();
    long generator = generatorLoop.cpuNanos();
    long recognizing = recognizerLoop.cpuNanos();
    Workspace.sleep(window);
    double frames = load.sent() - sent;
    double all = 0;
    for (Map.Entry<String, ChildProcess> process : processes.entrySet()) {
      String name = process.getKey();
      double micros =
          (process.getValue().cpuNanos() - before.getOrDefault(name, 0L)) / 1e3 / frames;
      result.cpu(name).add(micros);
      all += micros;
      result.resident.merge(name, process.getValue().residentBytes(), Math::max);
    }
    result.cpu(PipelineResult.ALL).add(all);
    result.cpu(PipelineResult.GENERATOR).add((generatorLoop.cpuNanos() - generator) / 1e3 / frames);
    result
        .cpu(PipelineResult.RECOGNIZER)
        .add((recognizerLoop.cpuNanos() - recognizing) / 1e3 / frames);
    result.otherLoad.add(machine.otherLoad());
    CheckingRecognizer.Ages ages = recognizer.takeAges();
    result.opening.add(ages.opening());
    result.flowing.add(ages.flowing());
    result.lateness.add(load.swapLateness());
  }

  ChildProcess[] processes() {
    return processesByName().values().toArray(ChildProcess[]::new);
  }

  private Map<String, ChildProcess> processesByName() {
    Map<String, ChildProcess> processes = new TreeMap<>();
    services.forEach((kind, service) -> processes.put(kind.module(), service.process()));
    processes.put(PipelineResult.REDIS, redis.process());
    return processes;
  }

  private Map<String, Long> connections() {
    return new TreeMap<>(redis.connectionsByName());
  }

  private void check(int[] sent, List<CompletableFuture<Seen>> watchers, PipelineResult result) {
    for (int call = 0; call < sent.length; call++) {
      Seen seen = await(watchers.get(call));
      result.seen(seen, script(sent[call]));
      result.sent += sent[call];
    }
    result.calls = sent.length;
    for (RecognizedCall call : recognizer.calls().values()) {
      result.received += call.frames();
      result.wrong += call.wrong();
      result.sessions += call.sessions();
    }
    result.recognizedCalls = recognizer.calls().size();
  }

  private static Seen await(CompletableFuture<Seen> watcher) {
    return watcher
        .completeOnTimeout(
            new Seen(List.of(), 0, false, false), ENDING_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /// The expected words of a call with a given number of frames.
  private static List<String> script(int frames) {
    int step = CheckingRecognizer.FRAMES_PER_FINAL;
    List<String> words = new ArrayList<>();
    for (int to = step; to < frames + step; to += step) {
      words.add(Integer.toString(Math.min(to, frames) - 1));
    }
    return words;
  }

  @Override
  public void close() {
    services.values().forEach(Service::close);
    if (route != null) {
      route.close();
    }
    redis.close();
    recognizer.close();
    generatorLoop.close();
    recognizerLoop.close();
  }
}
