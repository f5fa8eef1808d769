package io.verbatim.asr.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.asr.metrics.AsrMetrics;
import io.verbatim.service.EventLoop;
import io.verbatim.service.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionLimiterTest {
  private static final Duration SPACING = Duration.ofMillis(20);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final EventLoop loop = EventLoop.start("test", Transport.of(Transport.Choice.AUTO));
  private final AsrMetrics metrics = new AsrMetrics(new SimpleMeterRegistry());
  private final CircuitBreaker breaker = new CircuitBreaker(loop, metrics, Duration.ofMillis(50));
  private final List<Integer> admitted = new CopyOnWriteArrayList<>();
  private final List<Long> times = new CopyOnWriteArrayList<>();
  private final List<SessionLimiter.Permit> permits = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void sessionsOverLimit_waitInOrder() {
    SessionLimiter limiter = limiter(2);
    request(limiter, 4);

    await().until(() -> admitted.equals(List.of(0, 1)));
    onLoop(permits.get(0)::close);

    await().until(() -> admitted.equals(List.of(0, 1, 2)));
  }

  @Test
  void closedRequest_isSkipped() {
    SessionLimiter limiter = limiter(1);
    request(limiter, 3);

    onLoop(permits.get(1)::close);
    onLoop(permits.get(0)::close);

    await().until(() -> admitted.equals(List.of(0, 2)));
  }

  @Test
  void deniedProcess_probesOncePerIntervalUntilOneOpens() {
    SessionLimiter limiter = limiter(10);
    request(limiter, 1);
    await().until(() -> admitted.size() == 1);
    onLoop(() -> permits.get(0).denied("401 no"));
    onLoop(permits.get(0)::close);
    assertThat(breaker.denied()).contains("401 no");

    request(limiter, 3);
    await().until(() -> admitted.size() == 2);
    onLoop(() -> permits.get(1).denied("401 still"));
    onLoop(permits.get(1)::close);
    await().until(() -> admitted.size() == 3);
    onLoop(() -> permits.get(2).opened());

    await().until(() -> admitted.size() == 4);
    assertThat(breaker.denied()).isEmpty();
  }

  @Test
  void abandonedProbe_isFollowedByAnother() {
    SessionLimiter limiter = limiter(10);
    request(limiter, 3);
    await().until(() -> admitted.size() == 3);
    onLoop(() -> permits.get(0).denied("401 no"));
    permits.forEach(one -> onLoop(one::close));

    request(limiter, 2);
    await().until(() -> admitted.size() == 4);
    onLoop(permits.get(3)::close);

    await().until(() -> admitted.size() == 5);
  }

  @Test
  void simultaneousRequests_areSpaced() {
    SessionLimiter limiter = limiter(10);
    long started = System.nanoTime();
    request(limiter, 5);

    await().until(() -> admitted.size() == 5);

    assertThat(times.getLast() - started).isGreaterThanOrEqualTo(4 * SPACING.toNanos());
  }

  @Test
  void refusedSession_pausesOtherRequests() {
    SessionLimiter limiter = limiter(10);
    request(limiter, 1);
    await().until(() -> admitted.size() == 1);
    long refused = System.nanoTime();
    onLoop(permits.getFirst()::busy);
    onLoop(permits.getFirst()::close);

    request(limiter, 3);

    await().until(() -> admitted.size() == 2);
    assertThat(times.get(1) - refused).isGreaterThanOrEqualTo(PAUSE.toNanos());
    await("one at a time").during(SPACING.multipliedBy(4)).until(() -> admitted.size() == 2);
    onLoop(permits.get(1)::opened);
    await().until(() -> admitted.size() == 4);
  }

  @Test
  void endedSession_admitsRequestWaitingAfterRefusal() {
    SessionLimiter limiter = limiter(10, Duration.ofHours(1));
    request(limiter, 2);
    await().until(() -> admitted.size() == 2);
    onLoop(permits.getFirst()::opened);
    onLoop(permits.get(1)::busy);
    onLoop(permits.get(1)::close);
    request(limiter, 1);

    onLoop(permits.getFirst()::close);

    await().until(() -> admitted.equals(List.of(0, 1, 2)));
  }

  private SessionLimiter limiter(int streams) {
    return limiter(streams, PAUSE);
  }

  private SessionLimiter limiter(int streams, Duration pause) {
    return new SessionLimiter(loop, breaker, metrics, timing(pause), new Random(7), streams);
  }

  private static SessionTiming timing(Duration pause) {
    return new SessionTiming(
        Duration.ofSeconds(5),
        SPACING,
        pause,
        pause,
        Duration.ofSeconds(8),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  private void request(SessionLimiter limiter, int count) {
    for (int i = 0; i < count; i++) {
      onLoop(() -> {
        int number = permits.size();
        permits.add(
            limiter.request(() -> {
              times.add(System.nanoTime());
              admitted.add(number);
            }));
      });
    }
  }

  private void onLoop(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      task.run();
      done.complete(null);
    });
    done.join();
  }
}
