package io.verbatim.bench.pipeline;

import io.verbatim.bench.calls.ExotelLoad;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.pipeline.TranscriptWatcher.Seen;
import io.verbatim.bench.setup.CpuLimit;
import io.verbatim.bench.setup.JavaOptions;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.MeasuredProcess;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.pubsub.testkit.TcpRoute;
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

/// The three jars, Redis and the checking recogniser, started and ready. Its creator closes it.
public final class PipelineStack implements AutoCloseable {
  private static final String TOKEN = "bench";
  private static final String TENANT = "bench";
  private static final Duration ENDING_LIMIT = Duration.ofSeconds(30);

  private final Loop generatorLoop = new Loop("generator");
  private final Loop recognizerLoop = new Loop("recogniser");
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final Map<Service.Kind, Service> services = new EnumMap<>(Service.Kind.class);
  private final CheckingRecognizer recognizer;
  private final Redis redis;
  private final @Nullable TcpRoute route;
  private int runs;

  /// Starts everything.
  ///
  /// @param maxCalls at a time
  /// @param javaOptions of every service, besides those of the Dockerfiles
  /// @param limit of the processor time of the three services together, or null
  /// @param redisDelay by which everything between the services and Redis arrives later, in each
  ///   direction; zero for direct connections
  public PipelineStack(
      Workspace workspace,
      int maxCalls,
      JavaOptions javaOptions,
      @Nullable CpuLimit limit,
      Duration redisDelay) {
    recognizer = new CheckingRecognizer(recognizerLoop);
    redis = Redis.start(workspace, "redis-pipeline");
    route = redisDelay.isZero() ? null : TcpRoute.to(redis.url());
    if (route != null) {
      route.delay(redisDelay, redisDelay);
    }
    String calls = Integer.toString(maxCalls);
    Map<Service.Kind, Map<String, String>> settings =
        Map.of(
            Service.Kind.WORKER,
            Map.of(
                "DEEPGRAM_API_KEY",
                "bench",
                "DEEPGRAM_URL",
                recognizer.url(),
                "DEEPGRAM_MAX_STREAMS",
                calls,
                "MAX_CALLS",
                calls),
            Service.Kind.INGEST,
            Map.of(
                "SUPPORT_EXOTEL",
                "true",
                "EXOTEL_PATH_TOKEN",
                TOKEN,
                "MAX_CALLS",
                calls,
                "JWT_PUBLIC_KEY",
                keys.publicKeyPem()),
            Service.Kind.GATEWAY,
            Map.of(
                "JWT_PUBLIC_KEY", keys.publicKeyPem(),
                "REQUESTS_PER_SECOND", "100000",
                "MAX_SSE_CLIENTS", Integer.toString(maxCalls + 10)));
    for (Service.Kind kind : Service.Kind.values()) {
      Map<String, String> all = new TreeMap<>(settings.getOrDefault(kind, Map.of()));
      if (route != null) {
        all.put("REDIS_URL", route.redisUrl());
      }
      services.put(kind, Service.start(workspace, kind, redis, all, javaOptions, limit));
    }
    services.values().forEach(Service::awaitReady);
  }

  int ingestPort() {
    return service(Service.Kind.INGEST).port();
  }

  private Service service(Service.Kind kind) {
    Service service = services.get(kind);
    if (service == null) {
      throw new IllegalStateException(kind + " is not started");
    }
    return service;
  }

  /// Well-formed tokens that ingest must refuse after checking a signature: one of another key, one
  /// that has expired.
  List<String> refusedTokens() {
    LocalKeys others = new LocalKeys(InstantSource.system());
    return List.of(
        others.token("audio:write", TENANT, Duration.ofHours(1)),
        keys.token("audio:write", TENANT, Duration.ofHours(-1)));
  }

  /// Plays calls and measures; afterwards every call has ended and was checked.
  ///
  /// @param settle from the first frame to the first window
  public PipelineResult run(int calls, Duration settle, int windows, Duration window) {
    recognizer.begin();
    PipelineResult result = new PipelineResult();
    String prefix = String.format(Locale.ROOT, "pipeline%04dx", runs++);
    try (ExotelLoad load =
        new ExotelLoad(generatorLoop, ingestPort(), "/v1/ingest/" + TOKEN, prefix, calls, runs)) {
      List<CompletableFuture<Seen>> watchers = new ArrayList<>();
      load.start();
      String token = keys.token("transcripts:read", TENANT, Duration.ofHours(6));
      for (String callSid : load.callSids()) {
        watchers.add(
            TranscriptWatcher.watch(
                service(Service.Kind.GATEWAY).http("/v1/calls/" + callSid + "/transcript"), token));
      }
      Workspace.sleep(settle);
      result.opening.add(recognizer.swap()[0]);
      for (int i = 0; i < windows; i++) {
        window(load, window, result);
      }
      load.failOnProblem();
      result.connections = connections();
      check(load.stop(), watchers, result);
      // Frames that met their recogniser late are in no window, but they are in `opening`.
      result.opening.add(recognizer.swap()[0]);
    }
    return result;
  }

  private void window(ExotelLoad load, Duration window, PipelineResult result) {
    load.swapLateness();
    recognizer.swap();
    Map<String, MeasuredProcess> processes = processesByName();
    Machine machine = Machine.watch(List.copyOf(processes.values()));
    Map<String, Long> before = new TreeMap<>();
    processes.forEach((name, process) -> before.put(name, process.cpuNanos()));
    long sent = load.sent();
    long generator = generatorLoop.cpuNanos();
    long recognizing = recognizerLoop.cpuNanos();
    Workspace.sleep(window);
    double frames = load.sent() - sent;
    double all = 0;
    for (Map.Entry<String, MeasuredProcess> process : processes.entrySet()) {
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
    Latencies[] ages = recognizer.swap();
    result.opening.add(ages[0]);
    result.flowing.add(ages[1]);
    result.lateness.add(load.swapLateness());
  }

  MeasuredProcess[] processes() {
    return processesByName().values().toArray(MeasuredProcess[]::new);
  }

  private Map<String, MeasuredProcess> processesByName() {
    Map<String, MeasuredProcess> processes = new TreeMap<>();
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

  /// The words of a call of so many frames.
  private static List<String> script(int frames) {
    int step = RecognizerSession.FRAMES_PER_FINAL;
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
