package io.verbatim.pubsub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.pubsub.AudioReader;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.BusHealth;
import io.verbatim.pubsub.LeaseHolder;
import io.verbatim.pubsub.Leases;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.AudioTail;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Grant;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Reads and covers two calls at 50 messages a second each on one connection: nothing on it may
/// block.
///
/// A blocking read would delay the other stream and every acknowledgement: on the predecessor, 14
/// of 401 messages arrived. The test detects one in three ways: the server counts a blocked client,
/// messages are missing at the end, or a command waits for the block.
@ExtendWith(RedisExtension.class)
class SharedConnectionIT {
  private static final int MESSAGES = 250;
  private static final int FRAME_BYTES = 320;
  private static final Duration INTERVAL = Duration.ofMillis(20);

  /// A blocking read waits for at least this long; commands on this connection take a few
  /// milliseconds.
  private static final Duration LONGEST_WAIT = Duration.ofMillis(900);

  private static final CallId FIRST = new CallId("first");
  private static final CallId SECOND = new CallId("second");
  private static final AudioFormat FORMAT = new AudioFormat(AudioFormat.Encoding.PCM16, 8000, 1);

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final Map<CallId, AtomicInteger> covered = new ConcurrentHashMap<>();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final AtomicInteger mostBlockedClients = new AtomicInteger();

  @Test
  void twoStreamsAtFiftyPerSecond_neverBlockTheConnection(RedisServer server) throws Exception {
    try (Bus bus = RedisBus.open(settings(server))) {
      Awaitility.await().until(() -> bus.health() instanceof BusHealth.Connected);
      Grants grants = new Grants();
      Leases leases = bus.leases().hold(2, grants);
      for (CallId call : List.of(FIRST, SECOND)) {
        bus.audio()
            .open(start(call), "writer", false)
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
        Grant grant = grants.await(call);
        consume(bus, grant, bus.audio().read(call, 0));
      }

      CompletableFuture<Void> produced =
          CompletableFuture.allOf(produce(bus, FIRST), produce(bus, SECOND));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(INTERVAL)
          .until(() -> {
            mostBlockedClients.accumulateAndGet(blockedClients(server), Math::max);
            return covered(FIRST).get() == MESSAGES && covered(SECOND).get() == MESSAGES;
          });

      assertThat(produced).isCompleted();
      assertThat(mostBlockedClients).hasValue(0);
      assertThat(Duration.ofNanos(slowestNanos.get())).isLessThan(LONGEST_WAIT);
      assertThat(server.connections("one-connection")).isEqualTo(1);
      leases.close();
    } finally {
      timer.shutdownNow();
    }
  }

  /// Appends one frame every 20 ms at the tail of the previous one.
  private CompletableFuture<Void> produce(Bus bus, CallId call) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicInteger sent = new AtomicInteger();
    timer.scheduleAtFixedRate(
        () -> {
          int n = sent.incrementAndGet();
          if (n > MESSAGES) {
            return;
          }
          long tail = (long) (n - 1) * FRAME_BYTES;
          long asked = System.nanoTime();
          WriteResult<AudioTail> stored =
              bus.audio()
                  .append(
                      AudioAppend.whole(
                          call, "writer", tail, tail + FRAME_BYTES, n, new byte[FRAME_BYTES], 0))
                  .toCompletableFuture()
                  .join();
          slowestNanos.accumulateAndGet(System.nanoTime() - asked, Math::max);
          assertThat(stored).isInstanceOf(WriteResult.Written.class);
          if (n == MESSAGES) {
            done.complete(null);
          }
        },
        0,
        INTERVAL.toMillis(),
        TimeUnit.MILLISECONDS);
    return done;
  }

  /// Reads audio and acknowledges it by covering it.
  private void consume(Bus bus, Grant grant, AudioReader reader) {
    reader.next().thenAccept(slice -> acknowledge(bus, grant, reader, slice));
  }

  private void acknowledge(Bus bus, Grant grant, AudioReader reader, AudioSlice slice) {
    long from = slice.entries().getFirst().start();
    long to = slice.entries().getLast().end();
    bus.transcripts()
        .cover(grant.call(), grant.owner(), new Coverage(0, from, to))
        .thenAccept(_ -> {
          int all = covered(grant.call()).addAndGet((int) ((to - from) / FRAME_BYTES));
          if (all < MESSAGES) {
            consume(bus, grant, reader);
          } else {
            reader.close();
          }
        });
  }

  private AtomicInteger covered(CallId call) {
    return covered.computeIfAbsent(call, _ -> new AtomicInteger());
  }

  private static int blockedClients(RedisServer server) {
    return server
        .commands()
        .info("clients")
        .lines()
        .filter(line -> line.startsWith("blocked_clients:"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).trim()))
        .sum();
  }

  private static RedisSettings settings(RedisServer server) {
    return new RedisSettings(
        server.url(),
        "",
        "one-connection",
        Duration.ofSeconds(60),
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        50,
        1000,
        1000);
  }

  private static CallStart start(CallId call) {
    return new CallStart(
        call, "acme", CallStart.Source.PCM, FORMAT, null, null, null, Instant.EPOCH);
  }

  private static final class Grants implements LeaseHolder {
    private final Map<CallId, BlockingQueue<Grant>> granted = new ConcurrentHashMap<>();

    @Override
    public void granted(Grant grant) {
      queue(grant.call()).add(grant);
    }

    @Override
    public void lost(CallId call) {}

    Grant await(CallId call) throws InterruptedException {
      Grant grant = queue(call).poll(10, TimeUnit.SECONDS);
      assertThat(grant).as("grant of the call").isNotNull();
      return grant;
    }

    private BlockingQueue<Grant> queue(CallId call) {
      return granted.computeIfAbsent(call, _ -> new LinkedBlockingQueue<>());
    }
  }
}
