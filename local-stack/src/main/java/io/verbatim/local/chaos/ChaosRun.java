package io.verbatim.local.chaos;

import io.verbatim.local.auth.LocalKeys;
import io.verbatim.local.bench.TalkingFrame;
import io.verbatim.local.caller.ExotelCaller;
import io.verbatim.local.caller.OngoingCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One run: calls follow each other on several lines while faults happen, and when the last fault
/// is done the calls end and every transcript is compared with its script, as the browser saw it
/// and as the server tells it.
final class ChaosRun implements AutoCloseable {
  private static final String TENANT = "chaos";
  private static final Duration FRAME = Duration.ofMillis(20);
  private static final Duration ENDING_TAKES_AT_MOST = Duration.ofSeconds(90);

  /// @param faults how many in all
  /// @param done how many of them an earlier run has done
  /// @param kinds of faults to choose from
  /// @param workers processes that share the calls
  /// @param lines calls at once
  /// @param callLength of each call
  /// @param pause between two faults, at least; at most twice that
  /// @param record the file each fault is written to, a line each
  record Plan(
      long seed,
      int faults,
      int done,
      Set<Fault> kinds,
      int workers,
      int lines,
      Duration callLength,
      Duration pause,
      Path record) {}

  /// @param sound whether every transcript is what was said, and every call ended once
  record Result(boolean sound, String report) {}

  private final Plan plan;
  private final Takeovers takeovers = new Takeovers();
  private final NumbersRecognizer recognizer = new NumbersRecognizer(takeovers);
  private final LocalKeys keys = new LocalKeys(InstantSource.system());
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Stage stage;
  private final String token;
  private final AtomicInteger callNumbers = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Verdict> browsers = new ArrayList<>();
  private final List<Verdict> servers = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

  ChaosRun(Plan plan, Path root, Path logs) {
    this.plan = plan;
    this.token = keys.token("transcripts:read", TENANT, Duration.ofHours(24));
    this.stage = new Stage(root, logs, plan.workers(), keys, takeovers, recognizer);
  }

  Result run() {
    Instant begun = Instant.now();
    List<Thread> lines = new ArrayList<>();
    for (int line = 0; line < plan.lines(); line++) {
      Duration offset = plan.callLength().dividedBy(plan.lines()).multipliedBy(line);
      lines.add(
          Thread.ofVirtual()
              .start(() -> {
                rest(offset);
                while (!over.get()) {
                  call();
                }
              }));
    }
    for (int number = plan.done(); number < plan.faults(); number++) {
      disturb(number);
    }
    over.set(true);
    lines.forEach(ChaosRun::join);
    return report(Duration.between(begun, Instant.now()));
  }

  private void disturb(int number) {
    SplittableRandom random = new SplittableRandom(plan.seed() * 31 + number);
    rest(plan.pause().plusMillis(random.nextLong(plan.pause().toMillis())));
    Fault fault = Fault.of(plan.seed(), number, plan.kinds());
    Optional<String> victim = stage.suffer(fault, random::nextInt);
    while (victim.isEmpty()) {
      rest(Duration.ofMillis(200));
      victim = stage.suffer(fault, random::nextInt);
    }
    faults.merge(fault, 1, Integer::sum);
    record(number + "," + plan.seed() + "," + Instant.now() + "," + fault + "," + victim.get());
  }

  private void record(String line) {
    try {
      Files.writeString(
          plan.record(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Plays one call to its end and judges it.
  private void call() {
    int number = callNumbers.getAndIncrement();
    int frames = (int) plan.callLength().dividedBy(FRAME);
    Flux<byte[]> audio =
        Flux.interval(Duration.ZERO, FRAME, Schedulers.parallel())
            .take(frames)
            .onBackpressureBuffer(frames)
            .map(frame -> TalkingFrame.of(number, frame.intValue(), System.nanoTime()));
    OngoingCall ongoing =
        new ExotelCaller(stage.ingest(), Stage.EXOTEL_USER, Stage.EXOTEL_PASSWORD, TENANT)
            .call(8000, audio);
    PatientWatcher watcher =
        new PatientWatcher(stage.gateway("/v1/calls/" + ongoing.callId() + "/transcript"), token);
    Thread watching = Thread.ofVirtual().start(() -> watcher.watch(client));
    try {
      watching.join(plan.callLength().plus(ENDING_TAKES_AT_MOST));
      watching.interrupt();
      watching.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    judge(
        "browser",
        browsers,
        number,
        ongoing.callId(),
        Verdict.of(frames, watcher.words(), watcher.ends()));
    judge("server", servers, number, ongoing.callId(), asked(ongoing.callId(), frames));
  }

  private void judge(String where, List<Verdict> all, int number, String callId, Verdict verdict) {
    synchronized (all) {
      all.add(verdict);
    }
    if (!verdict.isSound()) {
      synchronized (complaints) {
        complaints.add("call " + number + " (" + callId + ") at the " + where + ": " + verdict);
      }
    }
  }

  private Verdict asked(String callId, int frames) {
    HttpRequest request =
        HttpRequest.newBuilder(stage.gateway("/v1/calls/" + callId + "/transcript?format=json"))
            .header("Authorization", "Bearer " + token)
            .build();
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return told(JsonMapper.shared().readTree(answer.body()).path("entries"), frames);
        }
      } catch (IOException _) {
        // The gateway is away.
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        break;
      }
      rest(Duration.ofMillis(300));
    }
    return Verdict.of(frames, List.of(), 0);
  }

  private static Verdict told(JsonNode entries, int frames) {
    List<Integer> words = new ArrayList<>();
    int ends = 0;
    for (JsonNode entry : entries) {
      switch (entry.path("type").asString("")) {
        case "final" -> words.addAll(PatientWatcher.numbers(entry));
        case "ended" -> ends++;
        default -> {
          // A gap has no words: they are missing.
        }
      }
    }
    return Verdict.of(frames, words, ends);
  }

  private Result report(Duration wall) {
    boolean sound = complaints.isEmpty() && recognizer.wrong() == 0;
    String report =
        String.format(
            """
            seed, faults              %d, %d to %d
            by kind                   %s
            calls                     %d of %d s, %d at once, shared by %d workers
            at the browser            %s
            at the server             %s
            sessions sent wrong audio %d
            takeover, kill -9         %s
            takeover, SIGTERM         %s
            takeover, SIGSTOP         %s
            wall time                 %d s
            %s
            """,
            plan.seed(),
            plan.done(),
            plan.faults(),
            faults,
            browsers.size(),
            plan.callLength().toSeconds(),
            plan.lines(),
            plan.workers(),
            sum(browsers),
            sum(servers),
            recognizer.wrong(),
            takeovers.summary(Fault.WORKER_KILL),
            takeovers.summary(Fault.WORKER_STOP),
            takeovers.summary(Fault.WORKER_PAUSE),
            wall.toSeconds(),
            String.join("\n", complaints));
    return new Result(sound, report.stripTrailing() + "\n");
  }

  private static String sum(List<Verdict> verdicts) {
    Verdict all = verdicts.stream().reduce(new Verdict(0, 0, 0, 0, 0), Verdict::plus);
    return String.format(
        "%d words: %d lost, %d repeated, %d out of order; %d of %d calls ended",
        all.expected(), all.lost(), all.repeated(), all.misplaced(), all.ends(), verdicts.size());
  }

  private static void rest(Duration length) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(length.toMillis(), TimeUnit.MILLISECONDS))
        .join();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stage.close();
    recognizer.close();
    client.close();
  }
}
