package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.verbatim.asr.standin.HeardSession;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
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
  void workerThatDies_isFollowedByAnother_fromTheSameSample() {
    NumberedCaller caller;
    try (Bus doomed = openBus()) {
      TestWorker dying = new TestWorker(doomed, standIn, 10, 10);
      caller = dials("a", "pcm16/8000/1").says(80);
      await().until(() -> finals(caller).size() == 1);
      dying.kill();
    }
    worker();
    caller.says(40).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
    assertThat(standIn.sessions().get(1).frames(0).getFirst()).isEqualTo(50);
  }

  @Test
  void frozenRedis_stopsTheRecognizer_andLosesNothing() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(80);
    await().until(() -> finals(caller).size() == 1);

    redis.pause();
    await().until(() -> worker.gauge("verbatim.asr.calls.owned") == 0);
    await().until(() -> !standIn.sessions().getFirst().isOpen());
    redis.resume();
    caller.says(40).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
  }

  @Test
  void logThatLostWhatItHeld_isHeardAgain_andSaysWhatIsMissing() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(130);
    await().until(() -> finals(caller).size() == 2);

    redis.commands().hset("call:{a}", Map.of("covered", "8000", "covered:0", "8000"));
    caller.says(30).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 3200, false));
    assertThat(gaps(caller)).containsExactly("500-2000 log_lost");
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 160));
  }

  /// A failover to a replica that was a moment behind: once run, the call stands as it does now.
  private Runnable toTheCallAsItStandsNow() {
    Map<String, byte[]> then = new HashMap<>();
    for (String key : List.of("call:{a}", "transcript:{a}", "audio_stream:{a}")) {
      then.put(key, redis.commands().dump(key));
    }
    return () ->
        then.forEach(
            (key, value) -> redis.commands().restore(key, value, new RestoreArgs().replace()));
  }

  @Test
  void logThatLostItsEnd_getsTheWordsAgain_andNoneTwice() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(80);
    await().until(() -> finals(caller).size() == 1);
    Runnable failover = toTheCallAsItStandsNow();
    caller.says(50);
    await().until(() -> finals(caller).size() == 2);

    failover.run();
    caller.goesBackTo(80).says(80).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 3200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 160));
    assertThat(worker.count("verbatim.asr.rewritten")).isPositive();
    assertThat(standIn.sessions()).as("nothing had to be heard again").hasSize(1);
  }

  @Test
  void logThatLostItsEndJustBeforeTheCalls_getsTheWordsFirst() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(80);
    await().until(() -> finals(caller).size() == 1);
    Runnable failover = toTheCallAsItStandsNow();
    caller.says(20);
    await().until(() -> finals(caller).size() == 2);

    failover.run();
    caller.goesBackTo(80).says(20).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2000, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 100));
  }

  @Test
  void logThatLostTheLastWordsOfOneChannelJustBeforeTheCalls_getsThemFirst() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/2").says(80);
    await().until(() -> finals(caller).size() == 2);
    Runnable failover = toTheCallAsItStandsNow();
    caller.says(20);
    await().until(() -> finals(caller).size() == 4);
    StreamMessage<String, String> kept =
        redis.commands().xrange("transcript:{a}", Range.unbounded()).get(2);
    assertThat(finals(caller).get(2).speech().channel()).isZero();

    failover.run();
    redis.commands().xadd("transcript:{a}", new XAddArgs().id(kept.getId()), kept.getBody());
    redis.commands().hset("call:{a}", Map.of("covered:0", "64000", "finals", "3"));
    caller.goesBackTo(80).says(20).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2000, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 100));
    assertThat(words(caller, 1)).isEqualTo(numbers(0, 100));
  }

  @Test
  void logThatForgotTheCall_saysWhatItLost() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(60);
    await().until(() -> finals(caller).size() == 1);

    redis.flush();
    caller.reopens().says(60).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, false));
    assertThat(gaps(caller)).containsExactly("0-1200 log_lost");
    assertThat(words(caller, 0)).isEqualTo(numbers(60, 120));
  }

  @Test
  void backlog_isCaughtUpOnAtItsPace_inOrder_whileTheCallGoesOn() {
    int backlog = 20 * 50;
    int headStart = 2 * 50;
    int speed = 8;
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(backlog);
    workers.add(TestWorker.replayingAt(speed, bus(), standIn));

    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          caller.says(1);
          return framesHeard() > backlog;
        });
    caller.hangsUp();

    TranscriptEntry.Ended end = endOf(caller);
    assertThat(end.complete()).isTrue();
    assertThat(standIn.complaints()).as("every byte in its place").isEmpty();
    HeardSession session = standIn.sessions().getFirst();
    int frames = Math.toIntExact(end.durationMs() / 20);
    assertThat(session.frames(0)).isEqualTo(IntStream.range(0, frames).boxed().toList());
    Duration due = Duration.ofMillis((backlog - headStart) * 20L / speed);
    assertThat(session.arrivalOf(backlog - 1))
        .isBetween(due.multipliedBy(8).dividedBy(10), due.multipliedBy(2));
  }

  private int framesHeard() {
    return standIn.sessions().stream().mapToInt(session -> session.frames(0).size()).sum();
  }

  @Test
  void callThatIsOursButForItsToken_isTakenAnew_andNothingIsSaidTwice() {
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").says(80);
    await().until(() -> finals(caller).size() == 1);

    redis.commands().hset("call:{a}", "owner", "somebody else");
    caller.says(80).hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 3200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 160));
    assertThat(standIn.sessions().getFirst().isOpen()).isFalse();
  }
}
