package io.verbatim.bench.recording;

import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.measure.Numbers;
import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.BenchException;
import io.verbatim.bench.setup.InstanceLimit;
import io.verbatim.bench.setup.Loop;
import io.verbatim.bench.setup.Machine;
import io.verbatim.bench.setup.Options;
import io.verbatim.bench.setup.Redis;
import io.verbatim.bench.setup.Service;
import io.verbatim.bench.setup.Workspace;
import io.verbatim.bench.watchers.FixedRateTask;
import io.verbatim.bench.watchers.LiveCalls;
import io.verbatim.bench.watchers.NumberedWords;
import io.verbatim.bench.watchers.SseWatchers;
import io.verbatim.local.auth.LocalKeys;
import io.verbatim.process.ChildProcess;
import io.verbatim.process.ServiceJar;
import io.verbatim.process.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measures a long recording that the gateway sends to Whisper in parts, while many watchers read a
/// live call: windows without it and windows with it, in turn.
public final class RecordingPart {
  private static final String TENANT = "bench";
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);
  private static final int EVENTS_PER_FINAL = 19;
  private static final double MAX_RATIO = 1.2;
  private static final long MAX_RESIDENT_BYTES = 400L << 20;

  private final Workspace workspace;
  private final Options options;
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final NumberedWords words = new NumberedWords();
  private final double rate;
  private final int seconds;
  private final int megabits;

  /// The results of all windows.
  private static final class Result {
    final Latencies without = new Latencies();
    final Latencies with = new Latencies();
    final Latencies lateWithout = new Latencies();
    final Latencies lateWith = new Latencies();
    final List<Double> uploadSeconds = new ArrayList<>();
    final List<Double> answerSeconds = new ArrayList<>();
    final List<Double> otherLoad = new ArrayList<>();
    long exact = Long.MAX_VALUE;
    long parts;
    long resident;
    long peak;
    int lost;
  }

  public RecordingPart(Workspace workspace, Options options) {
    this.workspace = workspace;
    this.options = options;
    this.rate = options.decimal("--rate", 19);
    this.seconds = options.number("--minutes", 120) * 60;
    this.megabits = options.number("--megabits", 100);
  }

  /// Runs the part.
  public Table run() {
    Table table =
        new Table(
            "recording",
            "Recording, min",
            "Watchers",
            "Upload, s",
            "Answered after, s",
            "Parts",
            "Seconds exact",
            "Watchers without it, ms: p50 / p99 / p99.9 / max",
            "With it",
            "p99 / without",
            "Streams lost",
            "Gateway RSS MB: before / peak",
            "Events written late, ms: p99 / max, without and with",
            "Other load, cores");
    for (int watchers : options.numbers("--watchers", List.of(1000))) {
      row(table, watchers, measure(watchers));
    }
    table.note(
        String.format(
            Locale.ROOT,
            "%d windows of %.1f s without a recording, and one recording after each. 16 kHz mono"
                + " WAV of %d MB, uploaded at %d Mbit/s; each second is a word that states its"
                + " number. %s events a second, one in %d a final. The provider and the client of"
                + " the recording are one process on the same processors.",
            options.windows(),
            options.window().toMillis() / 1e3,
            seconds * 32L / 1000,
            megabits,
            Numbers.number(rate),
            EVENTS_PER_FINAL));
    return table;
  }

  private Result measure(int watchers) {
    try (InstanceLimit limit = InstanceLimit.of(options);
        Loop loop = new Loop("watchers");
        Redis redis = Redis.start(workspace, "redis-recording");
        ChildProcess provider = startProvider();
        Service gateway = startGateway(redis, url(provider), watchers, limit);
        LiveCalls call = new LiveCalls(redis, "recording-", TENANT, 1);
        SseWatchers sockets =
            new SseWatchers(
                loop,
                gateway.port(),
                "/v1/calls/" + call.callId(0) + "/transcript",
                Map.of("Authorization", "Bearer " + token("transcripts:read")),
                words)) {
      sockets.open(watchers);
      try (FixedRateTask task = new FixedRateTask(rate, number -> write(call, number))) {
        Workspace.sleep(options.warmup());
        List<ChildProcess> own = List.of(gateway.process(), redis.process(), provider);
        Machine.awaitQuiet(options, own.toArray(ChildProcess[]::new));
        Result result = new Result();
        result.resident = gateway.process().residentBytes();
        for (int window = 0; window < options.windows(); window++) {
          Machine machine = Machine.watch(own);
          sockets.swapLatencies();
          task.swapLateness();
          Workspace.sleep(options.window());
          result.without.add(sockets.swapLatencies());
          result.lateWithout.add(task.swapLateness());
          transcribe(provider, gateway, result);
          result.with.add(sockets.swapLatencies());
          result.lateWith.add(task.swapLateness());
          result.otherLoad.add(machine.otherLoad());
        }
        result.peak = gateway.process().peakResidentBytes();
        result.lost = sockets.lost();
        call.failOnProblem();
        return result;
      }
    }
  }

  private ChildProcess startProvider() {
    ChildProcess provider =
        ChildProcess.start(
            new ProcessBuilder(
                ServiceProcess.java("java"),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                RecordingProcess.class.getName(),
                workspace.logs().resolve("recording.wav").toString(),
                Integer.toString(seconds),
                Integer.toString(megabits)),
            workspace.logs().resolve("provider.log"));
    Workspace.await(
        "the provider is ready (log: " + provider.log() + ")",
        ANSWER_LIMIT,
        () -> last(provider).startsWith("ready "));
    return provider;
  }

  private static String url(ChildProcess provider) {
    return last(provider).substring("ready ".length());
  }

  private static String last(ChildProcess provider) {
    String lines = provider.lastLines();
    return lines.endsWith("\n") ? lines.lines().toList().getLast() : "";
  }

  private Service startGateway(
      Redis redis, String providerUrl, int watchers, @Nullable InstanceLimit limit) {
    Path uploads = workspace.logs().resolve("uploads");
    Service gateway =
        Service.start(
            workspace,
            ServiceJar.GATEWAY,
            redis,
            Map.of(
                "JWT_PUBLIC_KEY",
                keys.publicKeyPem(),
                "MAX_SSE_CLIENTS",
                Integer.toString(watchers + 100),
                "REQUESTS_PER_SECOND",
                "100000",
                "OPENAI_API_KEY",
                RecordingProcess.KEY,
                "OPENAI_URL",
                providerUrl,
                "MAX_UPLOAD",
                "1GB",
                "BATCH_DIRECTORY",
                uploads.toString()),
            options.javaOptions(),
            limit);
    gateway.awaitReady();
    return gateway;
  }

  private String token(String scope) {
    return keys.token(scope, TENANT, Duration.ofHours(6));
  }

  private void write(LiveCalls call, long number) {
    if (number % EVENTS_PER_FINAL == EVENTS_PER_FINAL - 1) {
      call.finish(0, words);
    } else {
      call.interim(0, words);
    }
  }

  /// Uploads the recording and waits for its transcript.
  private void transcribe(ChildProcess provider, Service gateway, Result result) {
    long before = provider.logBytes();
    String url = "http://127.0.0.1:" + gateway.port();
    provider.send(url + " " + token("transcriptions:write"));
    Workspace.await(
        "the recording is transcribed (log: " + provider.log() + ")",
        ANSWER_LIMIT,
        () -> provider.logBytes() > before && !last(provider).isEmpty());
    String[] answer = last(provider).split(" ", -1);
    if (!answer[0].equals("done")) {
      throw new BenchException("The recording was not transcribed: " + last(provider));
    }
    result.uploadSeconds.add(Long.parseLong(answer[1]) / 1e3);
    result.answerSeconds.add(Long.parseLong(answer[2]) / 1e3);
    result.parts = Long.parseLong(answer[3]);
    result.exact = Math.min(result.exact, Long.parseLong(answer[4]));
  }

  private void row(Table table, int watchers, Result result) {
    double ratio = result.with.percentileMillis(0.99) / result.without.percentileMillis(0.99);
    table.row(
        Integer.toString(seconds / 60),
        Integer.toString(watchers),
        Numbers.spread(result.uploadSeconds),
        Numbers.spread(result.answerSeconds),
        Long.toString(result.parts),
        result.exact + " of " + seconds,
        result.without.summary(),
        result.with.summary(),
        String.format(Locale.ROOT, "%.2f", ratio),
        Integer.toString(result.lost),
        Numbers.mebibytes(result.resident) + " / " + Numbers.mebibytes(result.peak),
        Numbers.percentiles(result.lateWithout) + ", " + Numbers.percentiles(result.lateWith),
        Numbers.spread(result.otherLoad));
    if (result.exact != seconds) {
      table.failure("not every second of the recording is in the transcript, once and at its time");
    }
    if (result.peak > MAX_RESIDENT_BYTES) {
      table.failure("the gateway used more than 400 MB");
    }
    if (ratio > MAX_RATIO) {
      table.failure("the watchers' p99 is more than 20 % longer with the recording");
    }
  }
}
