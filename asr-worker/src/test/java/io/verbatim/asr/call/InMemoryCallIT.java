package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.testkit.deepgram.SessionPlan;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InMemoryCallIT extends CallContract {
  /// More than the worker's read-ahead, so that the oldest audio expires unread.
  private static final Duration RETENTION = Duration.ofSeconds(6);

  @Override
  Bus openBus() {
    return new InMemoryBus(RETENTION, Duration.ofMinutes(5), Duration.ofSeconds(1));
  }

  @Test
  void audioExpiredDuringRefusal_becomesGapAndTheRestIsTranscribed() {
    standIn.plan(session -> SessionPlan.rejecting(401, "INVALID_AUTH"));
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(500);
    await().until(() -> expiredUpTo(caller, 0) == 4000);
    caller.sends(100);
    await().until(() -> expiredUpTo(caller, 0) == 6000);

    standIn.script();
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 12000, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(300, 600));
  }

  @Test
  void interimOfExpiredAudio_isKeptAsUnconfirmed() {
    TestWorker worker = worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(60);
    try (CallSubscriber subscriber = new CallSubscriber(bus(), caller.call())) {
      await().until(() -> subscriber.interim().equals(numbers(50, 60)));
    }
    standIn.plan(session -> SessionPlan.rejecting(401, "INVALID_AUTH"));
    standIn.dropAll();
    await().until(() -> worker.gauge("verbatim.asr.breaker.open") == 1);
    caller.sends(500);

    await().until(() -> expiredUpTo(caller, 1200) == 5200);
    standIn.script();
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 11200, false));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60) + " " + numbers(260, 560));
    assertThat(finals(caller).get(1).speech().unconfirmed()).isTrue();
  }

  @Test
  void audioOfRejectedCall_expiresIntoGaps() {
    standIn.plan(session -> SessionPlan.rejecting(400, "unsupported"));
    worker();
    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(500);
    await().until(() -> expiredUpTo(caller, 0) == 4000);
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 10000, false));
    assertThat(gaps(caller).getLast()).isEqualTo("4000-10000 recognizer_unavailable");
  }

  @Test
  void callThatBeginsDuringHandOver_isClaimedByAnotherWorker() {
    DelayedHandOverBus delayed = new DelayedHandOverBus(bus());
    TestWorker leaving = new TestWorker(delayed, standIn, 10, 10);
    workers.add(leaving);
    TestWorker other = worker();
    CompletableFuture<Void> handOver = CompletableFuture.runAsync(leaving::handOver);
    delayed.awaitRequest();

    NumberedCaller caller = dials("a", "pcm16/8000/1").sends(30);
    await().until(() -> other.gauge("verbatim.asr.calls.owned") == 1);
    assertThat(handOver).isNotDone();
    delayed.allow();
    handOver.join();
    caller.hangsUp();

    assertThat(endOf(caller)).isEqualTo(ended("stop", 600, true));
  }

  /// The end of the contiguous retention gaps from this millisecond of the call.
  private long expiredUpTo(NumberedCaller caller, long startsMs) {
    long end = startsMs;
    for (TranscriptEntry entry : entries(caller)) {
      if (entry instanceof TranscriptEntry.Gap(_, _, long startMs, long endMs, String reason)
          && reason.equals("retention")
          && startMs == end) {
        end = endMs;
      }
    }
    return end;
  }
}
