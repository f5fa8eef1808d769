package io.verbatim.bench.bus;

import io.netty.buffer.Unpooled;
import io.verbatim.bench.calls.AudioCheck;
import io.verbatim.bench.measure.Latencies;
import io.verbatim.bench.watchers.FixedRateTask;
import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.testkit.deepgram.FrameFormat;
import io.verbatim.testkit.deepgram.NumberedAudio;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/// A process that either appends or reads: `writer <redis url> <calls> <frames/s>` or `reader
/// <redis url> <calls>`. Prints a line with its latencies for each input line.
final class BusProcess {
  private static final AudioFormat FORMAT = new AudioFormat(AudioFormat.Encoding.PCM16, 8000, 1);
  private static final String WRITER = "bench-writer";

  private static volatile Latencies latencies = new Latencies();
  private static volatile String problem = "";

  private BusProcess() {}

  public static void main(String[] arguments) throws IOException {
    try (Bus bus = open(arguments[0], arguments[1])) {
      int calls = Integer.parseInt(arguments[2]);
      if (arguments[0].equals("writer")) {
        try (FixedRateTask _ = write(bus, calls, Double.parseDouble(arguments[3]))) {
          answerLines();
        }
      } else {
        for (int call = 0; call < calls; call++) {
          read(bus.audio().read(id(call), 0), new AudioCheck(), call);
        }
        answerLines();
      }
    }
  }

  private static Bus open(String role, String url) {
    Bus bus =
        RedisBus.open(
            new RedisSettings(
                url,
                "",
                "bench-" + role,
                Duration.ofSeconds(20),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                50,
                1000,
                2000));
    while (!(bus.health() instanceof BusHealth.Connected)) {
      LockSupport.parkNanos(10_000_000);
    }
    return bus;
  }

  private static CallId id(int call) {
    return new CallId("bus-" + call);
  }

  private static void answerLines() throws IOException {
    System.out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && problem.isEmpty(); line = in.readLine()) {
      Latencies before = latencies;
      latencies = new Latencies();
      System.out.println(before.size() + " " + before.summary());
    }
    if (!problem.isEmpty()) {
      System.out.println("problem " + problem);
    }
  }

  /// Appends frames to the calls in turn. At the benchmark's rates a call has at most one append in
  /// flight.
  private static FixedRateTask write(Bus bus, int calls, double framesPerSecond) {
    for (int call = 0; call < calls; call++) {
      CallStart start =
          new CallStart(
              id(call), "bench", CallStart.Source.PCM, FORMAT, null, null, "en", Instant.now());
      bus.audio().open(start, WRITER, false).toCompletableFuture().join();
    }
    return new FixedRateTask(framesPerSecond, number -> append(bus, calls, number));
  }

  private static void append(Bus bus, int calls, long number) {
    int call = (int) (number % calls);
    int frame = (int) (number / calls);
    long tail = (long) frame * AudioCheck.FRAME_BYTES;
    long sent = System.nanoTime();
    bus.audio()
        .append(
            AudioAppend.whole(
                id(call),
                WRITER,
                tail,
                tail + AudioCheck.FRAME_BYTES,
                0,
                new NumberedAudio(FrameFormat.PHONE, call).frame(frame, sent),
                System.currentTimeMillis()))
        .whenComplete((outcome, failure) -> {
          latencies.record(System.nanoTime() - sent);
          if (!(outcome instanceof WriteResult.Written<?>)) {
            problem = "append: " + (failure == null ? outcome : failure);
          }
        });
  }

  private static void read(AudioReader reader, AudioCheck check, int call) {
    reader
        .next()
        .whenComplete((slice, failure) -> {
          if (slice == null) {
            problem = "read: " + failure;
            return;
          }
          long now = System.nanoTime();
          for (AudioSlice.Entry entry : slice.entries()) {
            check.accept(Unpooled.wrappedBuffer(entry.pcm()), now, latencies);
          }
          if (check.wrong() > 0) {
            problem = "the audio of call " + call + " differs from what was written";
          }
          if (slice.end().isEmpty()) {
            read(reader, check, call);
          }
        });
  }
}
