package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.StoredCall;
import io.verbatim.ingest.testkit.TestBus;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The pcm dialect over the wire: acks, resumption, rejections.
@ExtendWith(RedisExtension.class)
class PcmCallIT {
  private static final Tokens TOKENS = new Tokens();

  private IngestServer server;
  private Bus bus;

  @BeforeEach
  void start(RedisServer redis) {
    server =
        IngestServer.start(
            redis.url(),
            TOKENS,
            Map.of("CALL_BUFFER", "128KB", "MEDIA_TIMEOUT", "1s", "RESUME_WINDOW", "1s"));
    bus = TestBus.open(redis.url());
  }

  @AfterEach
  void stop() {
    server.close();
    bus.close();
  }

  @Test
  void wholeCall_isAckedStoredAndStopped() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");

    assertThat(caller.start()).isEqualTo(1);
    caller.send(1, 25);
    long frames = caller.stop();

    assertThat(frames).isEqualTo(25);
    assertThat(caller.acks()).containsExactly(10L, 20L, 25L);
    assertThat(caller.socket().awaitClose()).isEqualTo(1000);
    StoredCall stored = StoredCall.read(bus, "p1");
    assertThat(stored.audio()).isEqualTo(frames(1, 25));
    assertThat(stored.reason()).isEqualTo("stop");
  }

  @Test
  void startWithoutLanguage_usesThatOfTheQuery() {
    URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/v1/ingest?lang=hi");
    TestSocket socket =
        TestSocket.connect(uri, Map.of("Authorization", "Bearer " + TOKENS.valid()));
    socket.send(PcmClient.start("p1", ""));
    socket.await("started");

    CallRecord call = bus.calls().find(new CallId("p1")).toCompletableFuture().join().orElseThrow();

    assertThat(call.start().language()).isEqualTo("hi");
    socket.drop();
  }

  @Test
  void ack_isSentOnlyAfterTheFramesAreStored(RedisServer redis) {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();
    redis.pause();
    caller.send(1, 10);

    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> caller.acks().isEmpty());

    redis.resume();
    caller.awaitAck(10);
    caller.stop();
  }

  @Test
  void resumedCall_isByteExact() {
    PcmClient first = PcmClient.connect(server, TOKENS, "p1");
    first.start();
    first.send(1, 25);
    first.awaitAck(20);
    first.socket().drop();
    PcmClient second = PcmClient.connect(server, TOKENS, "p1");

    long next = second.resume(21);
    second.send(next, 40);

    assertThat(next).isBetween(21L, 26L);
    assertThat(second.stop()).isEqualTo(40);
    assertThat(StoredCall.read(bus, "p1").audio()).isEqualTo(frames(1, 40));
  }

  @Test
  void resumption_supersedesTheOlderSocket() {
    PcmClient first = PcmClient.connect(server, TOKENS, "p1");
    first.start();
    first.send(1, 10);
    first.awaitAck(10);
    PcmClient second = PcmClient.connect(server, TOKENS, "p1");

    long next = second.resume(11);

    assertThat(first.awaitError()).isEqualTo("superseded");
    assertThat(first.socket().awaitClose()).isEqualTo(1008);
    second.send(next, 12);
    assertThat(second.stop()).isEqualTo(12);
    assertThat(StoredCall.read(bus, "p1").audio()).isEqualTo(frames(1, 12));
  }

  @Test
  void resumptionAtAnotherInstance_supersedesThisOne(RedisServer redis) {
    try (IngestServer other = IngestServer.start(redis.url(), TOKENS)) {
      PcmClient first = PcmClient.connect(server, TOKENS, "p1");
      first.start();
      first.send(1, 10);
      first.awaitAck(10);
      PcmClient second = PcmClient.connect(other, TOKENS, "p1");

      long next = second.resume(11);
      first.send(11, 11);

      assertThat(next).isEqualTo(11);
      assertThat(first.awaitError()).isEqualTo("superseded");
      second.send(next, 12);
      assertThat(second.stop()).isEqualTo(12);
      assertThat(StoredCall.read(bus, "p1").audio()).isEqualTo(frames(1, 12));
    }
  }

  @Test
  void lostCaller_endsTheCallAfterTheResumeWindow() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();
    caller.send(1, 3);
    caller.socket().drop();

    StoredCall stored = StoredCall.read(bus, "p1");

    assertThat(stored.audio()).isEqualTo(frames(1, 3));
    assertThat(stored.reason()).isEqualTo("socket_lost");
  }

  @Test
  void noMedia_endsTheCallWith1001() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();

    assertThat(caller.socket().awaitClose()).isEqualTo(1001);
    assertThat(StoredCall.read(bus, "p1").reason()).isEqualTo("media_timeout");
  }

  @Test
  void idleSocket_isPinged(RedisServer redis) {
    try (IngestServer pinging =
        IngestServer.start(redis.url(), TOKENS, Map.of("PING_INTERVAL", "100ms"))) {
      TestSocket socket = TestSocket.pcm(pinging, TOKENS.valid());

      await().until(() -> socket.pings() > 1);

      assertThat(socket.isOpen()).isTrue();
      socket.drop();
    }
  }

  @Test
  void callersPing_countsAsMedia() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();

    Awaitility.await()
        .pollInterval(Duration.ofMillis(100))
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> {
          caller.socket().ping();
          return caller.socket().isOpen();
        });

    caller.stop();
  }

  @Test
  void callerFasterThanTheLog_isPausedAndLosesNothing(RedisServer redis) throws Exception {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();
    redis.pause();
    int frames = 30_000;
    Thread sender = Thread.startVirtualThread(() -> caller.send(1, frames));

    Awaitility.await().until(() -> buffered() >= 128 * 1024);
    assertThat(buffered()).isLessThan(1024 * 1024);
    assertThat(sender.isAlive()).isTrue();
    redis.resume();
    sender.join();

    assertThat(caller.stop()).isEqualTo(frames);
    assertThat(StoredCall.read(bus, "p1").audio()).isEqualTo(frames(1, frames));
  }

  @Test
  void binaryBeforeStart_closesWith1003() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");

    caller.send(1, 1);

    assertThat(caller.awaitError()).isEqualTo("no_start");
    assertThat(caller.socket().awaitClose()).isEqualTo(1003);
  }

  @Test
  void frameOver100000Bytes_closesWith1009() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();

    caller.socket().send(new byte[100_002]);

    assertThat(caller.awaitError()).isEqualTo("frame_too_large");
    assertThat(caller.socket().awaitClose()).isEqualTo(1009);
  }

  @ParameterizedTest
  @CsvSource({
    "interaction_id, c2,     claim_interaction_id",
    "tenant_id,      other,  claim_tenant_id",
  })
  void startThatContradictsItsToken_closesWith1008(String claim, String value, String code) {
    String token = TOKENS.token(JWSAlgorithm.RS256, claims -> claims.claim(claim, value));
    TestSocket socket = TestSocket.pcm(server, token);

    socket.send(PcmClient.start("p1", ""));

    assertThat(socket.await("error").path("code").stringValue()).isEqualTo(code);
    assertThat(socket.awaitClose()).isEqualTo(1008);
  }

  @Test
  void interactionIdInUse_isRejectedWithItsReason() {
    PcmClient caller = PcmClient.connect(server, TOKENS, "p1");
    caller.start();
    caller.send(1, 1);

    assertThat(refusal(PcmClient.start("p1", ""))).isEqualTo("already_live");
    assertThat(refusal(PcmClient.start("p1", ",\"resume_from\":2,\"channels\":2")))
        .isEqualTo("other_format");
    assertThat(refusal(PcmClient.start("p1", ",\"resume_from\":2").replace("t1", "t2")))
        .isEqualTo("other_tenant");
    caller.stop();
    assertThat(refusal(PcmClient.start("p1", ",\"resume_from\":2"))).isEqualTo("already_ended");
  }

  private String refusal(String start) {
    TestSocket socket = TestSocket.pcm(server, TOKENS.valid());
    socket.send(start);
    String code = socket.await("error").path("code").stringValue();
    assertThat(socket.awaitClose()).isEqualTo(1008);
    return code;
  }

  private long buffered() {
    return (long) server.part(MeterRegistry.class).get("verbatim.ingest.buffered").gauge().value();
  }

  private static byte[] frames(long first, long last) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long seq = first; seq <= last; seq++) {
      all.writeBytes(PcmClient.frame(seq));
    }
    return all.toByteArray();
  }
}
