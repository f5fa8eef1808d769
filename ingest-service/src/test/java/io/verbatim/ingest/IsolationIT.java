package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.call.CallRegistry;
import io.verbatim.ingest.testkit.BadCaller;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.StoredCall;
import io.verbatim.ingest.testkit.TestBus;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fifty concurrent callers, some of them malicious: the audio of the others is stored byte for
/// byte.
@ExtendWith(RedisExtension.class)
class IsolationIT {
  private static final int CALLERS = 50;
  private static final int FRAMES = 100;
  private static final int BAD_PERCENT = 40;
  private static final long MAX_GROWTH_BYTES = 48L << 20;
  private static final Tokens TOKENS = new Tokens();

  private IngestServer server;
  private Bus bus;

  @BeforeEach
  void start(RedisServer redis) {
    server =
        IngestServer.start(
            redis.url(),
            TOKENS,
            Map.of("START_TIMEOUT", "1m", "MEDIA_TIMEOUT", "2m", "RESUME_WINDOW", "1s"));
    bus = TestBus.open(redis.url());
  }

  @AfterEach
  void stop() {
    server.close();
    bus.close();
  }

  static LongStream seeds() {
    return LongStream.of(1, 2, System.nanoTime());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void badCallers_leaveOtherCallsIntact(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    List<Future<?>> valid = new ArrayList<>();
    List<Future<?>> bad = new ArrayList<>();
    CountDownLatch validAreDone = new CountDownLatch(1);
    long before = liveBytes();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < CALLERS; caller++) {
        String call = "seed-" + seed + "-call-" + caller;
        SplittableRandom callRandom = random.split();
        if (random.nextInt(100) < BAD_PERCENT) {
          List<BadCaller> kinds = List.of(BadCaller.values());
          BadCaller kind = kinds.get(caller % kinds.size());
          BadCaller.Context context =
              new BadCaller.Context(server, TOKENS, call, callRandom, validAreDone);
          bad.add(callers.submit(() -> kind.call(context)));
        } else if (random.nextBoolean()) {
          valid.add(callers.submit(() -> pcm(call)));
        } else {
          valid.add(callers.submit(() -> exotel(call)));
        }
      }
      try {
        for (Future<?> one : valid) {
          one.get();
        }
      } finally {
        validAreDone.countDown();
      }
      for (Future<?> one : bad) {
        one.get();
      }
    }

    assertThat(bad).hasSizeGreaterThan(CALLERS / 10);
    assertThat(valid).hasSizeGreaterThan(CALLERS / 10);
    Awaitility.await().until(() -> server.part(CallRegistry.class).size() == 0);
    assertThat(liveBytes() - before).isLessThan(MAX_GROWTH_BYTES);
  }

  private void pcm(String call) {
    PcmClient caller = PcmClient.connect(server, TOKENS, call);
    caller.start();
    caller.send(1, FRAMES);
    assertThat(caller.stop()).isEqualTo(FRAMES);
    assertExact(call, "stop");
  }

  private void exotel(String call) {
    TestSocket socket = TestSocket.exotel(server);
    socket.send("{\"event\":\"start\",\"start\":{\"call_sid\":\"" + call + "\"}}");
    for (int frame = 1; frame <= FRAMES; frame++) {
      String payload = Base64.getEncoder().encodeToString(PcmClient.frame(frame));
      socket.send(
          "{\"event\":\"media\",\"media\":{\"chunk\":%d,\"payload\":\"%s\"}}"
              .formatted(frame, payload));
    }
    socket.send("{\"event\":\"stop\",\"stop\":{\"reason\":\"callended\"}}");
    assertExact(call, "callended");
    socket.drop();
  }

  private void assertExact(String call, String reason) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    IntStream.rangeClosed(1, FRAMES).forEach(frame -> sent.writeBytes(PcmClient.frame(frame)));
    StoredCall stored = StoredCall.read(bus, call);
    assertThat(stored.audio()).as(call).isEqualTo(sent.toByteArray());
    assertThat(stored.holes()).as(call).isEmpty();
    assertThat(stored.reason()).as(call).isEqualTo(reason);
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
