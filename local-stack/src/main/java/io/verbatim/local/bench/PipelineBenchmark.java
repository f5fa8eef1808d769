package io.verbatim.local.bench;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.bench.TranscriptWatcher.Seen;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.process.ServiceJar;
import io.verbatim.local.process.ServiceProcess;
import io.verbatim.pubsub.testkit.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/// Plays Exotel calls through the three jars and measures from the caller's send to the
/// recogniser's receipt, which holds the way from ingest's socket to the recogniser's and both of
/// the benchmark's own hops besides. Prints a table; ends with code 1 where a byte, a word or an
/// end is not as it must be.
public final class PipelineBenchmark implements AutoCloseable {
  private static final String EXOTEL_USER = "exotel";
  private static final String EXOTEL_PASSWORD = "bench";
  private static final String TENANT = "bench";
  private static final Duration FRAME = Duration.ofMillis(20);
  private static final int FRAMES_PER_FINAL = 50;
  private static final Duration STARTING_TAKES_AT_MOST = Duration.ofSeconds(90);
  private static final Duration ENDING_TAKES_AT_MOST = Duration.ofSeconds(30);

  /// What the benchmark saw.
  ///
  /// @param sound whether every byte, word and end is as it must be
  /// @param report the table
  /// @param delays from the caller to the recogniser, the first second of each call aside
  /// @param ingestBytes the most memory ingest was seen with
  record Result(boolean sound, String report, Delays delays, long ingestBytes) {}

  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final int calls;
  private final int framesPerCall;
  private final Delays opening;
  private final Delays flowing;
  private final CheckingRecognizer recognizer;
  private final RedisServer redis;
  private final Map<ServiceJar, ServiceProcess> services = new EnumMap<>(ServiceJar.class);
  private final ServiceProcess ingest;
  private final ServiceProcess gateway;
  private final Map<String, Long> mostConnections = new TreeMap<>();
  private final Map<String, Long> mostResidentBytes = new TreeMap<>();

  /// Starts everything the benchmark needs; [#close] ends it.
  ///
  /// @param root the repository's root, where the jars have been built
  public PipelineBenchmark(Path root, Path logs, int calls, Duration length) {
    this.calls = calls;
    this.framesPerCall = (int) length.dividedBy(FRAME);
    this.opening = new Delays(calls * CheckingRecognizer.OPENING_FRAMES);
    this.flowing = new Delays(calls * framesPerCall);
    this.recognizer = new CheckingRecognizer(opening, flowing);
    this.redis = RedisServer.startOwn();
    start(
        root,
        logs,
        ServiceJar.WORKER,
        Map.of("DEEPGRAM_API_KEY", "bench", "DEEPGRAM_URL", recognizer.uri().toString()));
    ingest =
        start(
            root,
            logs,
            ServiceJar.INGEST,
            Map.of(
                "SUPPORT_EXOTEL",
                "true",
                "EXOTEL_USERNAME",
                EXOTEL_USER,
                "EXOTEL_PASSWORD",
                EXOTEL_PASSWORD,
                "EXOTEL_PATH_TOKEN",
                EXOTEL_PASSWORD,
                "JWT_PUBLIC_KEY",
                keys.publicKeyPem()));
    gateway =
        start(
            root,
            logs,
            ServiceJar.GATEWAY,
            Map.of(
                "JWT_PUBLIC_KEY",
                keys.publicKeyPem(),
                "MAX_SSE_CLIENTS",
                Integer.toString(calls + 1)));
    services.values().forEach(service -> service.awaitReady(STARTING_TAKES_AT_MOST));
  }

  private ServiceProcess start(Path root, Path logs, ServiceJar jar, Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("REDIS_URL", redis.url());
    ServiceProcess service = jar.start(root, all, logs.resolve(jar.module() + ".log"));
    services.put(jar, service);
    return service;
  }

  /// Plays all calls at once and waits until every transcript has ended.
  public Result run() {
    String token = keys.token("transcripts:read", TENANT, Duration.ofHours(6));
    ExotelCaller caller =
        new ExotelCaller(
            URI.create("ws://127.0.0.1:" + ingest.port() + "/v1/ingest"),
            EXOTEL_USER,
            EXOTEL_PASSWORD,
            TENANT);
    Disposable sampler =
        Flux.interval(Duration.ofSeconds(1), Schedulers.boundedElastic()).subscribe(_ -> sample());
    List<OngoingCall> ongoing = new ArrayList<>();
    List<CompletableFuture<Seen>> watchers = new ArrayList<>();
    for (int call = 0; call < calls; call++) {
      ongoing.add(caller.call(8000, talk(call)));
    }
    ongoing.forEach(call -> watchers.add(TranscriptWatcher.watch(transcript(call), token)));
    List<Seen> seen = watchers.stream().map(this::await).toList();
    sampler.dispose();
    return report(seen);
  }

  private Flux<byte[]> talk(int call) {
    return Flux.interval(Duration.ZERO, FRAME, Schedulers.parallel())
        .take(framesPerCall)
        .onBackpressureBuffer(framesPerCall)
        .map(frame -> TalkingFrame.of(call, frame.intValue(), System.nanoTime()));
  }

  int ingestPort() {
    return ingest.port();
  }

  /// Tokens that look well and cost ingest a signature's check: one of a stranger's key, and one
  /// that has expired.
  List<String> tokensThatOpenNothing() {
    LocalKeys strangers = new LocalKeys(InstantSource.system());
    return List.of(
        strangers.token("audio:write", TENANT, Duration.ofHours(1)),
        keys.token("audio:write", TENANT, Duration.ofHours(-1)));
  }

  private URI transcript(OngoingCall call) {
    return gateway.http("/v1/calls/" + call.callId() + "/transcript");
  }

  private Seen await(CompletableFuture<Seen> watcher) {
    Duration limit = FRAME.multipliedBy(framesPerCall).plus(ENDING_TAKES_AT_MOST);
    return watcher
        .completeOnTimeout(
            new Seen(List.of(), 0, false, false), limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private synchronized void sample() {
    redis
        .connectionsByName()
        .forEach((name, count) -> mostConnections.merge(name, count, Math::max));
    services.forEach((jar, service) ->
        mostResidentBytes.merge(jar.module(), service.residentBytes(), Math::max));
  }

  private synchronized Result report(List<Seen> seen) {
    int wrong = recognizer.calls().values().stream().mapToInt(Heard::wrong).sum();
    int frames = recognizer.calls().values().stream().mapToInt(Heard::frames).sum();
    int sessions = recognizer.calls().values().stream().mapToInt(Heard::sessions).sum();
    List<String> script = script();
    long exact = seen.stream().filter(one -> isExact(one, script)).count();
    long complete = seen.stream().filter(one -> one.ended() && one.complete()).count();
    boolean sound =
        wrong == 0
            && frames == calls * framesPerCall
            && sessions == calls
            && exact == calls
            && complete == calls
            && holdsOneConnectionEach();
    String report =
        String.format(
            Locale.ROOT,
            """
            calls                     %d of %d s, frames of 20 ms
            frames sent / heard       %d / %d, not as expected: %d
            recogniser sessions       %d (takeovers: %d)
            transcripts exact         %d of %d, every final once and in order
            ended, complete           %d of %d
            caller to recogniser      p50 %.2f ms, p99 %.2f ms, max %.2f ms
              first second of calls   p50 %.2f ms, p99 %.2f ms, max %.2f ms
            Redis connections         %s
            resident memory, MB       %s
            """,
            calls,
            framesPerCall / 50,
            calls * framesPerCall,
            frames,
            wrong,
            sessions,
            sessions - recognizer.calls().size(),
            exact,
            calls,
            complete,
            calls,
            flowing.percentileMillis(0.50),
            flowing.percentileMillis(0.99),
            flowing.percentileMillis(1.0),
            opening.percentileMillis(0.50),
            opening.percentileMillis(0.99),
            opening.percentileMillis(1.0),
            mostConnections,
            megabytes());
    long ingestBytes = mostResidentBytes.getOrDefault(ServiceJar.INGEST.module(), 0L);
    return new Result(sound, report, flowing, ingestBytes);
  }

  private boolean holdsOneConnectionEach() {
    return services.keySet().stream()
            .allMatch(jar -> mostConnections.getOrDefault(jar.module(), 0L) == 1)
        && mostConnections.size() == services.size();
  }

  private List<String> script() {
    List<String> words = new ArrayList<>();
    for (int to = FRAMES_PER_FINAL; to < framesPerCall + FRAMES_PER_FINAL; to += FRAMES_PER_FINAL) {
      words.add(Integer.toString(Math.min(to, framesPerCall) - 1));
    }
    return words;
  }

  private static boolean isExact(Seen seen, List<String> script) {
    return seen.words().equals(script) && seen.entries() == script.size();
  }

  private Map<String, Long> megabytes() {
    Map<String, Long> megabytes = new TreeMap<>();
    mostResidentBytes.forEach((service, bytes) -> megabytes.put(service, bytes >> 20));
    return megabytes;
  }

  @Override
  public void close() {
    services.values().forEach(ServiceProcess::close);
    redis.close();
    recognizer.close();
  }

  /// `--calls N --seconds S`, from the repository's root; with `--flood` once in peace and once
  /// under a flood of bad handshakes.
  public static void main(String[] arguments) {
    int calls = option(arguments, "--calls", 20);
    int seconds = option(arguments, "--seconds", 60);
    Path root = Path.of("").toAbsolutePath();
    if (List.of(arguments).contains("--flood")) {
      boolean stoodFast = FloodBenchmark.run(root, logs(), calls, Duration.ofSeconds(seconds));
      System.exit(stoodFast ? 0 : 1);
    }
    boolean sound;
    try (PipelineBenchmark benchmark =
        new PipelineBenchmark(root, logs(), calls, Duration.ofSeconds(seconds))) {
      Result result = benchmark.run();
      System.out.print(result.report());
      sound = result.sound();
    }
    System.exit(sound ? 0 : 1);
  }

  private static int option(String[] arguments, String name, int preset) {
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals(name)) {
        return Integer.parseInt(arguments[i + 1]);
      }
    }
    return preset;
  }

  private static Path logs() {
    try {
      Path logs = Files.createTempDirectory("verbatim-bench-");
      System.out.println("logs                      " + logs);
      return logs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
