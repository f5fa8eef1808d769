package io.verbatim.local;

import io.verbatim.local.audio.UnsupportedWavException;
import io.verbatim.local.audio.WavFile;
import io.verbatim.local.caller.CallEnd;
import io.verbatim.local.caller.OngoingCall;
import io.verbatim.local.caller.PcmCaller;
import io.verbatim.local.follow.CallFollower;
import io.verbatim.local.follow.EndedCall;
import io.verbatim.local.follow.ScriptComparison;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.service.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// The program behind `./run`: starts the stack, plays calls, and reports their results.
public final class LocalStack {
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(60);
  private static final int USAGE_ERROR = 2;

  private final RunOptions options;
  private final Console console;
  private final SampleCall sample = SampleCall.load();
  private final CallPlayer calls = new CallPlayer();

  private LocalStack(RunOptions options, Console console) {
    this.options = options;
    this.console = console;
  }

  public static void main(String[] args) throws InterruptedException {
    Console console = new Console(System.out);
    try {
      RunOptions options = RunOptions.parse(List.of(args));
      if (options.help()) {
        console.help();
        return;
      }
      Path log = RunLog.open();
      // The embedded Redis uses the same client, before the services start.
      Transport.of(Transport.Choice.AUTO).install();
      if (!options.train().isEmpty()) {
        Training.run(options.train());
        System.exit(0);
      }
      System.exit(new LocalStack(options, console).run(log));
    } catch (IllegalArgumentException | UnsupportedWavException | UncheckedIOException e) {
      System.err.println("run: " + e.getMessage());
      System.exit(USAGE_ERROR);
    } catch (RuntimeException e) {
      System.err.println("run: start failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private int run(Path log) throws InterruptedException {
    WavFile wav = options.call() == null ? sample.sound() : WavFile.read(options.call());
    if (options.pcm() != null && options.token() != null) {
      return playToRunningIngest(WavFile.read(options.pcm()), options.token());
    }
    String key = System.getenv("DEEPGRAM_API_KEY");
    boolean simulated = key == null || key.isBlank() || options.killWorker();
    console.starting(log, simulated);
    Stack stack = Stack.start(settings(simulated ? null : key), sample);
    List<WorkerProcess> workers = new ArrayList<>();
    StopSignals.on(code -> stop(stack, workers, code));
    if (options.killWorker()) {
      workers.add(WorkerProcess.start("worker 1", stack.workerSettings()));
      workers.add(WorkerProcess.start("worker 2", stack.workerSettings()));
      workers.forEach(worker -> worker.consuming().join());
    }
    List<OngoingCall> playing = play(stack, wav);
    printAddresses(stack, wav, playing);
    if (options.killWorker()) {
      new WorkerKillDemo(sample, console).killInMidSentence(workers);
    }
    boolean complete = follow(stack.follower(), playing, wav, simulated);
    if (options.exit()) {
      stack.close();
      workers.forEach(WorkerProcess::close);
      return complete ? 0 : 1;
    }
    new CountDownLatch(1).await(); // until Ctrl-C
    return 0;
  }

  private Stack.Settings settings(@Nullable String deepgramKey) {
    return new Stack.Settings(
        options.redisUrl(),
        options.ports(),
        deepgramKey,
        !options.killWorker(),
        Map.of(),
        stack -> calls.play(stack, sample.sound()).map(OngoingCall::callId));
  }

  private List<OngoingCall> play(Stack stack, WavFile wav) {
    List<OngoingCall> playing = new ArrayList<>();
    while (playing.size() < options.calls()) {
      playing.add(calls.play(stack, wav).orElseThrow());
    }
    return playing;
  }

  private void printAddresses(Stack stack, WavFile wav, List<OngoingCall> playing) {
    Instant started = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    String first = playing.isEmpty() ? "CALL-ID" : playing.getFirst().callId();
    console.ready(
        Duration.between(started, Instant.now()),
        playing.isEmpty() ? stack.gateway() : stack.gateway().resolve("calls/" + first));
    if (!playing.isEmpty()) {
      Path recording = options.call();
      console.playing(
          recording == null ? "the sample call" : recording.toString(),
          wav.duration(),
          playing.size());
    }
    if (!options.exit()) {
      console.nextSteps(stack, first, tokenFile(stack));
    }
  }

  /// Writes the token to a file that only its owner may read, named after the gateway's port.
  private static Path tokenFile(Stack stack) {
    Path file = Path.of("target", "token-" + stack.gateway().getPort());
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, stack.token());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for all calls and prints how each one ended.
  ///
  /// @return whether every transcript is complete, and equal to the script if there is one
  private boolean follow(
      CallFollower follower, List<OngoingCall> playing, WavFile wav, boolean simulated) {
    Duration timeout = wav.duration().plus(END_TIMEOUT);
    for (OngoingCall call : playing) {
      call.ended()
          .whenComplete((end, failure) ->
              Optional.ofNullable(problem(end, failure)).ifPresent(console::print));
    }
    return Flux.fromIterable(playing)
        .flatMap(
            call ->
                follower
                    .ended(call.callId(), timeout)
                    .map(end -> isComplete(end, simulated && options.call() == null))
                    .onErrorResume(failure -> Mono.fromSupplier(() -> reportNoEnd(call, failure))),
            playing.size() + 1)
        .reduce(true, Boolean::logicalAnd)
        .blockOptional()
        .orElse(true);
  }

  private boolean reportNoEnd(OngoingCall call, Throwable failure) {
    console.print("Call %s did not end: %s".formatted(call.callId(), failure));
    return false;
  }

  private boolean isComplete(EndedCall call, boolean scripted) {
    if (!scripted) {
      console.ended(call);
      return call.complete();
    }
    ScriptComparison comparison = ScriptComparison.of(call, sample);
    console.compared(call, comparison);
    return call.complete() && comparison instanceof ScriptComparison.Equal;
  }

  private int playToRunningIngest(WavFile wav, String token) {
    OngoingCall call = new PcmCaller(options.url(), token, Stack.TENANT).call(wav);
    console.playing("call " + call.callId(), wav.duration(), 1);
    Thread hangUp = new Thread(call::hangUp, "hang-up");
    Runtime.getRuntime().addShutdownHook(hangUp);
    CallEnd end = call.ended().exceptionally(LocalStack::refused).toCompletableFuture().join();
    String problem = end.problem();
    if (problem != null) {
      System.err.println("run: the call was refused: " + problem);
      return 1;
    }
    console.print(
        "Sent %d frames of 20 ms; the service stored %d."
            .formatted(end.framesSent(), end.framesStored()));
    return end.framesSent() == end.framesStored() ? 0 : 1;
  }

  private static CallEnd refused(Throwable failure) {
    return new CallEnd(0, 0, String.valueOf(failure.getMessage()));
  }

  private static @Nullable String problem(@Nullable CallEnd end, @Nullable Throwable failure) {
    if (failure != null) {
      return "The call was refused: " + failure.getMessage();
    }
    return end == null || end.problem() == null
        ? null
        : "The connection was closed: " + end.problem();
  }

  /// Closes everything in order, and exits after [#SHUTDOWN_TIMEOUT] at the latest.
  private static void stop(Stack stack, List<WorkerProcess> workers, int exitCode) {
    Thread closing =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              stack.close();
              workers.forEach(WorkerProcess::close);
            });
    try {
      if (!closing.join(SHUTDOWN_TIMEOUT)) {
        RunLog.append("run.stop_timed_out limit=" + SHUTDOWN_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.exit(exitCode);
  }
}
