package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.testkit.deepgram.RecordedSession;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class RedisCallIT extends CallContract {
  private static final Duration LEASE = Duration.ofSeconds(1);

  private final RedisServer redis;

  RedisCallIT(RedisServer redis) {
    this.redis = redis;
  }

  @Override
  Bus openBus() {
    return TestBus.on(redis, LEASE);
  }

  @Test
  void deadWorker_isReplacedFromSameSample() {
    NumberedCaller caller;
    try (Bus doomed = openBus()) {
      TestWorker dying = new TestWorker(doomed, standIn, 10, 10);
      caller = dials("a", "pcm16/8000/1").sends(80);
      await().until(() -> finals(caller).size() == 1);
      dying.kill();
    }
    TestWorker replacement = worker();
    caller.sends(40).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
    assertThat(standIn.sessions().get(1).frames(0).getFirst()).isEqualTo(50);
    assertThat(replacement.meters.get("verbatim.asr.takeover").timer().count()).isEqualTo(1);
  }

  @Test
  void frozenRedis_stopsRecognizerAndLosesNothing() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(80);
    await().until(() -> finals(caller).size() == 1);

    redis.pause();
    await().until(() -> worker.gauge("verbatim.asr.calls.owned") == 0);
    assertThat(worker.count("verbatim.asr.leases.lost")).isEqualTo(1);
    await().until(() -> !standIn.sessions().getFirst().isOpen());
    redis.resume();
    caller.sends(40).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
  }

  @Test
  void coveredMovedBack_replaysAndReportsMissingAudio() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(130);
    await().until(() -> finals(caller).size() == 2);

    redis.commands().hset("call:{a}", Map.of("covered", "8000", "covered:0", "8000"));
    caller.sends(30).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 3200, false));
    assertThat(gaps(caller)).containsExactly("500-2000 log_lost");
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 160));
  }

  /// Returns an action that restores the call's present state, like a failover to a replica that
  /// missed the last writes.
  private Runnable snapshotForFailover() {
    Map<String, byte[]> snapshot = new HashMap<>();
    for (String key : List.of("call:{a}", "transcript:{a}", "audio_stream:{a}")) {
      snapshot.put(key, redis.commands().dump(key));
    }
    return () ->
        snapshot.forEach(
            (key, value) -> redis.commands().restore(key, value, new RestoreArgs().replace()));
  }

  @Test
  void logThatLostItsEnd_getsLostWordsOnce() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(80);
    await().until(() -> finals(caller).size() == 1);
    Runnable failover = snapshotForFailover();
    caller.sends(50);
    await().until(() -> finals(caller).size() == 2);

    failover.run();
    caller.rewindsTo(80).sends(80).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 3200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 160));
    assertThat(worker.count("verbatim.asr.rewritten")).isPositive();
    assertThat(standIn.sessions()).as("no audio was replayed").hasSize(1);
  }

  @Test
  void logThatLostItsEndBeforeCallEnd_getsLostWordsFirst() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(80);
    await().until(() -> finals(caller).size() == 1);
    Runnable failover = snapshotForFailover();
    caller.sends(20);
    await().until(() -> finals(caller).size() == 2);

    failover.run();
    caller.rewindsTo(80).sends(20).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2000, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 100));
  }

  @Test
  void logThatLostOneChannelBeforeCallEnd_getsLostWordsFirst() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/2").sends(80);
    await().until(() -> finals(caller).size() == 2);
    Runnable failover = snapshotForFailover();
    caller.sends(20);
    await().until(() -> finals(caller).size() == 4);
    StreamMessage<String, String> kept =
        redis.commands().xrange("transcript:{a}", Range.unbounded()).get(2);
    assertThat(finals(caller).get(2).speech().channel()).isZero();

    failover.run();
    redis.commands().xadd("transcript:{a}", new XAddArgs().id(kept.getId()), kept.getBody());
    redis.commands().hset("call:{a}", Map.of("covered:0", "64000", "finals", "3"));
    caller.rewindsTo(80).sends(20).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2000, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 100));
    assertThat(words(caller, 1)).isEqualTo(numbers(0, 100));
  }

  @Test
  void flushedLog_reportsLostAudioAsGap() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(60);
    await().until(() -> finals(caller).size() == 1);

    redis.flush();
    caller.reopens().sends(60).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, false));
    assertThat(gaps(caller)).containsExactly("0-1200 log_lost");
    assertThat(words(caller, 0)).isEqualTo(numbers(60, 120));
  }

  @Test
  void backlog_isSentAtReplaySpeedInOrderDuringLiveCall() {
    int backlog = 20 * 50;
    int initialTokens = 2 * 50;
    int speed = 8;
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(backlog);
    workers.add(TestWorker.replayingAt(speed, bus(), standIn));

    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          caller.sends(1);
          return framesReceived() > backlog;
        });
    caller.hangsUp();

    TranscriptEntry.Ended end = endOf(caller);
    assertThat(end.complete()).isTrue();
    assertThat(standIn.violations()).as("every byte in order").isEmpty();
    RecordedSession session = standIn.sessions().getFirst();
    int frames = Math.toIntExact(end.durationMs() / 20);
    assertThat(session.frames(0)).isEqualTo(IntStream.range(0, frames).boxed().toList());
    Duration expected = Duration.ofMillis((backlog - initialTokens) * 20L / speed);
    assertThat(session.arrivalOf(backlog - 1))
        .isBetween(expected.multipliedBy(8).dividedBy(10), expected.multipliedBy(2));
  }

  private int framesReceived() {
    return standIn.sessions().stream().mapToInt(session -> session.frames(0).size()).sum();
  }

  @Test
  void callWithForeignToken_isClaimedAgainWithoutRepetition() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(80);
    await().until(() -> finals(caller).size() == 1);

    redis.commands().hset("call:{a}", "owner", "another owner");
    caller.sends(80).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 3200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 160));
    assertThat(standIn.sessions().getFirst().isOpen()).isFalse();
  }
}
