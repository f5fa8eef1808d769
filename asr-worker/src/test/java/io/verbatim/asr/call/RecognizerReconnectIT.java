package io.verbatim.asr.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.verbatim.asr.deepgram.DeepgramRecognizer;
import io.verbatim.asr.deepgram.DelayedNameResolver;
import io.verbatim.asr.deepgram.TestRecognizers;
import io.verbatim.asr.session.SessionTiming;
import io.verbatim.testkit.network.TcpRoute;
import io.verbatim.testkit.redis.RedisServer;
import io.verbatim.testkit.tokens.SelfSigned;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recogniser that is temporarily unreachable: sessions are retried at a limited rate until one
/// opens.
class RecognizerReconnectIT extends RedisLiveCallFixture {
  RecognizerReconnectIT(RedisServer redis) {
    super(redis);
  }

  @Test
  void slowHandshake_doublesLimitUntilAnswered() {
    standIn.faults().delayHandshakes(Duration.ofMillis(700));
    TestWorker worker =
        new TestWorker(
            bus(),
            loop -> new DeepgramRecognizer(loop, TestWorker.settings(standIn.url())),
            TestWorker.timing(Duration.ofMillis(150)),
            1);
    workers.add(worker);
    NumberedCaller caller = dials("a", MONO).sends(60);

    assertIsTranscribed(caller);
    assertThat(worker.count("verbatim.asr.sessions.closed", "cause", "no_handshake"))
        .as("limits of 150, 300 and 600 ms")
        .isGreaterThanOrEqualTo(3);
  }

  @Test
  void unknownName_isResolvedAgainAfterDelay() {
    DelayedNameResolver names = new DelayedNameResolver(3);
    URI url = URI.create("ws://recognizer.test:" + standIn.url().getPort());
    TestWorker worker =
        new TestWorker(
            bus(),
            loop -> TestRecognizers.resolvingWith(loop, TestWorker.settings(url), names),
            TestWorker.timing(Duration.ofSeconds(2)),
            1);
    workers.add(worker);
    NumberedCaller caller = dials("a", MONO).sends(60);

    assertIsTranscribed(caller);
    assertThat(worker.count("verbatim.asr.sessions.closed", "cause", "unreachable")).isEqualTo(3);
    assertThat(names.pauses()).hasSize(3).allMatch(RecognizerReconnectIT::isBackoff);
  }

  @Test
  void untrustedCertificate_isRetriedAfterDelay(@TempDir Path mine, @TempDir Path other)
      throws Exception {
    SelfSigned trusted = SelfSigned.in(mine);
    SSLContext trust = trusted.trusting();
    standIn.enableTls(tls(SelfSigned.in(other)));
    TestWorker worker =
        new TestWorker(
            bus(),
            loop -> TestRecognizers.trusting(loop, TestWorker.settings(standIn.url()), trust),
            TestWorker.timing(Duration.ofSeconds(2)),
            1);
    workers.add(worker);
    NumberedCaller caller = dials("a", MONO).sends(60);
    await().until(() -> worker.count("verbatim.asr.sessions.closed", "cause", "unreachable") >= 2);
    assertThat(status(caller).reason()).isEqualTo("the recogniser cannot be reached");

    standIn.enableTls(tls(trusted));

    assertIsTranscribed(caller);
    assertThat(standIn.sessions()).hasSize(1);
  }

  @Test
  void frozenConnection_isReplacedWithinSeconds() {
    try (TcpRoute route = TcpRoute.to(() -> standIn.url().getPort())) {
      TestWorker worker =
          new TestWorker(
              bus(),
              loop ->
                  new DeepgramRecognizer(
                      loop, TestWorker.settings(URI.create("ws://127.0.0.1:" + route.port()))),
              SessionTiming.DEFAULT,
              1);
      workers.add(worker);
      NumberedCaller caller = dials("a", MONO).sends(60);
      await().until(() -> words(caller, 0).equals(numbers(0, 50)));
      // By now the connection has answered a ping.
      await().during(Duration.ofSeconds(1)).until(() -> standIn.sessions().size() == 1);

      route.freeze();
      caller.sends(60);

      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> words(caller, 0).startsWith(numbers(0, 100)));
      caller.hangsUp();
      assertThat(endOf(caller)).isEqualTo(ended("stop", 2400, true));
      assertThat(words(caller, 0)).isEqualTo(numbers(0, 120));
      assertThat(worker.count("verbatim.asr.sessions.closed", "cause", "no_pong")).isEqualTo(1);
    }
  }

  @Test
  void sessionsLostTogether_reconnectPaced() {
    int calls = 40;
    TestWorker worker =
        new TestWorker(
            bus(),
            loop -> new DeepgramRecognizer(loop, TestWorker.settings(standIn.url())),
            SessionTiming.DEFAULT,
            calls);
    workers.add(worker);
    List<NumberedCaller> callers = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      callers.add(dials("call-" + i, MONO).sends(60));
    }
    await().until(() -> standIn.sessions().size() == calls);
    callers.forEach(caller -> await().until(() -> words(caller, 0).equals(numbers(0, 50))));

    standIn.faults().limitHandshakes(10);
    standIn.dropAll();

    await().atMost(Duration.ofSeconds(30)).until(() -> standIn.sessions().size() == 2 * calls);
    assertThat(standIn.faults().refusedHandshakes()).isBetween(1, calls / 2);
    assertThat(standIn.faults().mostRefusedPerSecond()).isLessThanOrEqualTo(10);
    callers.forEach(NumberedCaller::hangsUp);
    for (NumberedCaller caller : callers) {
      assertThat(endOf(caller)).isEqualTo(ended("stop", 1200, true));
      assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
    }
  }

  /// Waits for 50 of the 60 frames before the hang-up, because an ended call waits only briefly for
  /// a session.
  private void assertIsTranscribed(NumberedCaller caller) {
    await().until(() -> words(caller, 0).equals(numbers(0, 50)));
    caller.hangsUp();
    assertThat(endOf(caller)).isEqualTo(ended("stop", 1200, true));
    assertThat(words(caller, 0)).isEqualTo(numbers(0, 60));
  }

  private static boolean isBackoff(Duration pause) {
    return pause.compareTo(TestWorker.RECONNECT_MIN) >= 0;
  }

  private static SslContext tls(SelfSigned certificate) throws Exception {
    return SslContextBuilder.forServer(
            certificate.certificate().toFile(), certificate.key().toFile())
        .build();
  }
}
