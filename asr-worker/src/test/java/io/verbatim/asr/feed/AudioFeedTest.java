package io.verbatim.asr.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.feed.AudioFeed.Batch;
import io.verbatim.pubsub.AudioLog;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.AudioAppend;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioSlice;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.service.EventLoop;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AudioFeedTest {
  private static final CallId CALL = new CallId("a");

  private final InMemoryBus bus = new InMemoryBus();
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final AudioLog log = bus.audio();
  private final AudioFeed feed = new AudioFeed(log, CALL, loop, this::changed);
  private long tail;

  @BeforeEach
  void openCall() {
    join(
        log.open(
            new CallStart(
                CALL,
                "tenant",
                CallStart.Source.PCM,
                AudioFormat.parse("mulaw/8000/1"),
                null,
                null,
                null,
                Instant.EPOCH),
            "writer",
            false));
  }

  @AfterEach
  void close() {
    loop.close();
    bus.close();
  }

  @Test
  void severalEntries_areTakenAsOneBatchUpToLimit() {
    append(0, 100);
    append(0, 100);
    append(0, 100);
    start(0);
    await().until(() -> onLoop(feed::hasAudio));

    Batch first = onLoop(() -> feed.take(250));
    Batch rest = onLoop(() -> feed.take(250));

    assertThat(first.start()).isZero();
    assertThat(first.length()).isEqualTo(250);
    assertThat(first.arrivedMillis()).isEqualTo(300);
    assertThat(rest.start()).isEqualTo(250);
    assertThat(rest.length()).isEqualTo(50);
    assertThat(onLoop(feed::hasAudio)).isFalse();
  }

  @Test
  void oneEntry_isTakenInPartsWithoutCopy() {
    append(0, 1000);
    start(0);
    await().until(() -> onLoop(feed::hasAudio));

    Batch first = onLoop(() -> feed.take(400));
    Batch second = onLoop(() -> feed.take(400));
    Batch rest = onLoop(() -> feed.take(400));

    assertThat(second.array()).isSameAs(first.array());
    assertThat(second.offset()).isEqualTo(400);
    assertThat(rest.start()).isEqualTo(800);
    assertThat(rest.length()).isEqualTo(200);
  }

  @Test
  void gap_endsBatch() {
    append(0, 100);
    append(40, 100);
    start(0);
    await().until(() -> onLoop(feed::hasAudio));

    assertThat(onLoop(() -> feed.take(1000)).length()).isEqualTo(100);
    await().until(() -> onLoop(() -> feed.gapEnd().isPresent()));
    assertThat(onLoop(feed::hasAudio)).isFalse();
    assertThat(onLoop(() -> feed.gapEnd().getAsLong())).isEqualTo(140);
    assertThat(onLoop(feed::isAfterLoss)).isTrue();

    onLoop(() -> {
      feed.skipTo(140);
      return true;
    });
    assertThat(onLoop(() -> feed.take(1000)).start()).isEqualTo(140);
  }

  @Test
  void audioDroppedAtEnd_isGapBeforeEnd() {
    append(0, 100);
    end(150);
    start(0);
    await().until(() -> onLoop(() -> feed.end().isPresent()));
    onLoop(() -> feed.take(1000));

    assertThat(onLoop(feed::isAtEnd)).isFalse();
    assertThat(onLoop(() -> feed.gapEnd().getAsLong())).isEqualTo(150);
    assertThat(onLoop(feed::isAfterLoss)).isTrue();
    onLoop(() -> {
      feed.skipTo(150);
      return true;
    });
    assertThat(onLoop(feed::isAtEnd)).isTrue();
    assertThat(onLoop(feed::end)).contains(new AudioSlice.End(150, "stop", true));
  }

  @Test
  void readAhead_stopsAtLimit() {
    for (int i = 0; i < 25; i++) {
      append(0, 16_000);
    }
    start(0);
    await().until(() -> onLoop(feed::isFull));
    long read = onLoop(() -> takeAll());

    assertThat(read).isBetween(64L * 1024, (256 + 64) * 1024L);
  }

  @Test
  void scan_findsEndAndKeepsNoAudio() {
    for (int i = 0; i < 25; i++) {
      append(0, 16_000);
    }
    end(400_000);
    onLoop(() -> {
      feed.startAt(0);
      feed.scan();
      feed.pull();
      return true;
    });

    await().until(() -> onLoop(feed::isAtEnd));
    assertThat(onLoop(feed::hasAudio)).isFalse();

    start(32_000);
    await().until(() -> onLoop(feed::hasAudio));
    assertThat(onLoop(() -> feed.take(10)).start()).isEqualTo(32_000);
  }

  private long takeAll() {
    long taken = 0;
    while (feed.hasAudio()) {
      taken += feed.take(100_000).length();
    }
    return taken;
  }

  private void changed() {
    feed.pull();
  }

  private void start(long position) {
    onLoop(() -> {
      feed.startAt(position);
      feed.pull();
      return true;
    });
  }

  private void append(int lost, int bytes) {
    long end = tail + lost + bytes;
    join(log.append(AudioAppend.whole(CALL, "writer", tail, end, 0, new byte[bytes], end)));
    tail = end;
  }

  private void end(long position) {
    join(log.end(CALL, "writer", tail, position, "stop"));
  }

  private <T> T onLoop(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(task.call());
      } catch (Exception e) {
        result.completeExceptionally(e);
      }
    });
    return result.join();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
