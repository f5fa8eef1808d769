package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RestoreArgs;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.redis.RedisBus;
import io.verbatim.pubsub.redis.RedisSettings;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    return RedisBus.open(
        new RedisSettings(
            redis.url(),
            "asr-worker",
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            LEASE,
            50,
            20,
            30),
        InstantSource.system());
  }

  @Test
  void workerThatDies_isFollowedByAnother_fromTheSameSample() {
    NumberedCaller caller;
    try (Bus doomed = openBus()) {
      TestWorker dying = new TestWorker(doomed, standIn, 10, 10);
      caller = dials("a", "pcm16/8000/1").says(80);
      await().until(() -> finals(caller).size() == 1);
      dying.dies();
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
