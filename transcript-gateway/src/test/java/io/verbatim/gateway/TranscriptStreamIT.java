package io.verbatim.gateway;

import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.StalledSocket;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The live transcript over HTTP, from a real Redis.
@ExtendWith(RedisExtension.class)
class TranscriptStreamIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String STREAM = "/v1/calls/call-1/transcript";

  private final RedisServer redis;
  private final Bus bus;
  private final CallFixture calls;
  private RunningGateway gateway;

  TranscriptStreamIT(RedisServer redis) {
    this.redis = redis;
    this.bus = TestBus.on(redis.url());
    this.calls = new CallFixture(bus);
    this.gateway = start();
  }

  private RunningGateway start() {
    return RunningGateway.on(redis.url(), Map.of("MAX_SSE_CLIENTS", "3", "SSE_BUFFER", "64KB"));
  }

  @BeforeEach
  void awaitReady() {
    await().until(() -> gateway.get("/actuator/health/readiness", "").statusCode() == 200);
  }

  @AfterEach
  void close() {
    gateway.close();
    calls.close();
    bus.close();
  }

  @Test
  void stream_sendsHistoryThenLiveThenEnd() {
    TestCall call =
        calls
            .begin("call-1", "acme")
            .setRecognizer(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""))
            .addFinal("one")
            .addFinal("two");
    EventReader reader = gateway.events(STREAM, AGENT);
    reader.awaitEvent("caught-up");

    call.setInterim(words("s3", 2_000, 2_500, "thr"));
    reader.awaitEvent("interim");
    call.addFinal(words("s3", 2_000, 3_000, "three")).addGap(4_000, "hole").end();

    reader.awaitEnd();
    assertThat(reader.names())
        .containsExactly("final", "final", "caught-up", "interim", "final", "gap", "ended");
    assertThat(reader.finals()).containsExactly("one", "two", "three");
    assertThat(reader.awaitEvent("status").text("recognizer")).isEqualTo("connected");
    assertThat(reader.awaitEvent("ended").data().path("complete").asBoolean()).isFalse();
    assertThat(reader.lines()).startsWith("retry: 2000", "");
  }

  @Test
  void resumeAfterRestart_hasNoSeam() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one").addFinal("two");
    String lastId = readFinals("one", "two");
    gateway.close();
    call.addFinal("three");
    gateway = start();
    awaitReady();

    try (EventReader resumed = gateway.events(STREAM, AGENT, "Last-Event-ID", lastId)) {
      resumed.awaitEvent("caught-up");
      call.addFinal("four");

      resumed.awaitFinals("three", "four");
      assertThat(resumed.named("resync")).isEmpty();
    }
  }

  private String readFinals(String... texts) {
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      return reader.awaitFinals(texts).named("final").getLast().id();
    }
  }

  @Test
  void unknownLastEventId_causesResync() {
    calls.begin("call-1", "acme").addFinal("one");

    try (EventReader header = gateway.events(STREAM, AGENT, "Last-Event-ID", "17-0");
        EventReader query = gateway.events(STREAM + "?lastEventId=rubbish", AGENT)) {
      header.awaitFinals("one");
      query.awaitFinals("one");

      assertThat(header.names()).startsWith("resync", "final");
      assertThat(query.names()).startsWith("resync", "final");
    }
  }

  @Test
  void resumeAfterLastEvent_is204() {
    calls.begin("call-1", "acme").addFinal("one").end();
    String endedId = gateway.events(STREAM, AGENT).awaitEnd().awaitEvent("ended").id();

    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", endedId).statusCode()).isEqualTo(204);
    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", "evicted:1-0").statusCode())
        .isEqualTo(204);
    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", "1-0").body()).contains("resync");
  }

  @Test
  void streamOverLimit_evictsOnlyTheOldest() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    EventReader oldest = gateway.events(STREAM, AGENT).awaitFinals("one");
    EventReader second = gateway.events(STREAM, AGENT).awaitFinals("one");
    EventReader third = gateway.events(STREAM, AGENT).awaitFinals("one");

    EventReader newest = gateway.events(STREAM, AGENT).awaitFinals("one");

    assertThat(oldest.awaitEnd().awaitEvent("evicted").id()).startsWith("evicted:");
    call.addFinal("two");
    second.awaitFinals("one", "two").close();
    third.awaitFinals("one", "two").close();
    newest.awaitFinals("one", "two").close();
  }

  @Test
  void closedTab_freesItsStream() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    EventReader kept = gateway.events(STREAM, AGENT).awaitFinals("one");

    for (int i = 0; i < 6; i++) {
      gateway.events(STREAM, AGENT).awaitFinals("one").close();
      await().until(() -> openStreams() == 1);
    }

    call.addFinal("two");
    kept.awaitFinals("one", "two").close();
  }

  private double openStreams() {
    return gateway
        .bean(io.micrometer.core.instrument.MeterRegistry.class)
        .get("verbatim.gateway.subscribers")
        .gauge()
        .value();
  }

  @Test
  void slowSubscriber_isEvictedWithoutEffectOnOthers() throws IOException {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    try (StalledSocket slow = new StalledSocket(gateway.uri(STREAM), AGENT);
        EventReader quick = gateway.events(STREAM, AGENT)) {
      slow.readUntil("caught-up");
      quick.awaitEvent("caught-up");
      String page = "x".repeat(12_000);

      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> {
            IntStream.range(0, 20).forEach(_ -> call.addFinal(page));
            return openStreams() == 1;
          });

      call.addFinal("the end");
      await().until(() -> quick.finals().getLast().equals("the end"));
      assertThat(quick.isOver()).isFalse();
    }
  }

  @Test
  void callOfOtherTenant_isNotFound() {
    calls.begin("call-1", "globex").addFinal("secret");

    assertThat(gateway.get(STREAM, AGENT).statusCode()).isEqualTo(404);
    try (EventReader operator = gateway.events(STREAM, TestTokens.operator())) {
      operator.awaitFinals("secret");
    }
  }

  @Test
  void callNotBegun_isWaitedFor() {
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      assertThat(reader.status()).isEqualTo(200);

      calls.begin("call-1", "acme").addFinal("at last");

      reader.awaitFinals("at last");
    }
  }

  @Test
  void anyNumberOfStreams_useOneRedisConnection() {
    IntStream.range(0, 3).forEach(i -> calls.begin("call-" + i, "acme").addFinal("hello"));
    try (EventReader one = gateway.events(STREAM, AGENT);
        EventReader page = gateway.events("/v1/live?lines=1", AGENT)) {
      one.awaitFinals("hello");
      await().until(() -> page.finals().size() == 3);

      assertThat(redis.connections("transcript-gateway")).isEqualTo(1);
    }
  }
}
