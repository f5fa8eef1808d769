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
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
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

/// Fifty callers at once, of whom some mean harm: what the others said is in the log byte for byte.
@ExtendWith(RedisExtension.class)
class IsolationIT {
  private static final int CALLERS = 50;
  private static final int FRAMES = 100;
  private static final int SHARE_OF_BAD = 40;
  private static final long GROWTH_ALLOWED = 48L << 20;
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
  void badCallers_touchNobodyElse(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    List<Future<?>> honest = new ArrayList<>();
    List<Future<?>> bad = new ArrayList<>();
    CountDownLatch honestAreDone = new CountDownLatch(1);
    long before = liveBytes();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < CALLERS; caller++) {
        String call = "seed-" + seed + "-call-" + caller;
        SplittableRandom own = random.split();
        if (random.nextInt(100) < SHARE_OF_BAD) {
          List<BadCaller> kinds = List.of(BadCaller.values());
          BadCaller kind = kinds.get(caller % kinds.size());
          BadCaller.Scene scene = new BadCaller.Scene(server, TOKENS, call, own, honestAreDone);
          bad.add(callers.submit(() -> kind.call(scene)));
        } else if (random.nextBoolean()) {
          honest.add(callers.submit(() -> pcm(call)));
        } else {
          honest.add(callers.submit(() -> exotel(call)));
        }
      }
      try {
        for (Future<?> one : honest) {
          one.get();
        }
      } finally {
        honestAreDone.countDown();
      }
      for (Future<?> one : bad) {
        one.get();
      }
    }

    assertThat(bad).hasSizeGreaterThan(CALLERS / 10);
    assertThat(honest).hasSizeGreaterThan(CALLERS / 10);
    Awaitility.await().until(() -> server.part(CallRegistry.class).size() == 0);
    assertThat(liveBytes() - before).isLessThan(GROWTH_ALLOWED);
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
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    IntStream.rangeClosed(1, FRAMES).forEach(frame -> said.writeBytes(PcmClient.frame(frame)));
    StoredCall stored = StoredCall.read(bus, call);
    assertThat(stored.audio()).as(call).isEqualTo(said.toByteArray());
    assertThat(stored.holes()).as(call).isEmpty();
    assertThat(stored.reason()).as(call).isEqualTo(reason);
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
