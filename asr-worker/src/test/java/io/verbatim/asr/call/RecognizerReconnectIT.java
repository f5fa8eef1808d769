package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.pubsub.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A recogniser that cannot be reached for a while, for whatever reason: sessions are tried again,
/// not too often, until one opens.
class RecognizerReconnectIT extends RedisLiveCallFixture {
  RecognizerReconnectIT(RedisServer redis) {
    super(redis);
  }

  @Test
  void slowHandshake_getsTwiceTheTimeEachTime_untilItIsAnswered() {
    standIn.delayHandshakes(Duration.ofMillis(700));
    TestWorker worker =
        new TestWorker(
            bus(),
            loop -> new DeepgramRecognizer(loop, TestWorker.settings(standIn.url())),
            TestWorker.timing(Duration.ofMillis(150)),
            1);
    workers.add(worker);
    NumberedCaller caller = dials("a", MONO).says(60);

    await().until(() -> words(caller, 0).equals(numbers(0, 50)));
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 1200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    assertThat(worker.count("verbatim.asr.sessions.closed", "cause", "no_handshake"))
        .as("limits of 150, 300 and 600 ms")
        .isGreaterThanOrEqualTo(3);
  }
}
