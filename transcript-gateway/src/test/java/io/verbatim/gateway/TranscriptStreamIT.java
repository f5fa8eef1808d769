package io.verbatim.gateway;

import static io.verbatim.gateway.stage.Words.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.stage.CallStage;
import io.verbatim.gateway.stage.EventReader;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.gateway.stage.SpokenCall;
import io.verbatim.gateway.stage.StalledSocket;
import io.verbatim.gateway.stage.TestBus;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.testkit.RedisExtension;
import io.verbatim.pubsub.testkit.RedisServer;
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
  private final CallStage stage;
  private RunningGateway gateway;

  TranscriptStreamIT(RedisServer redis) {
    this.redis = redis;
    this.bus = TestBus.on(redis.url());
    this.stage = new CallStage(bus);
    this.gateway = start();
  }

  private RunningGateway start() {
    return RunningGateway.on(redis.url(), Map.of("MAX_SSE_CLIENTS", "3", "SSE_BUFFER", "64KB"));
  }

  @BeforeEach
  void isReady() {
    await().until(() -> gateway.get("/actuator/health/readiness", "").statusCode() == 200);
  }

  @AfterEach
  void close() {
    gateway.close();
    stage.close();
    bus.close();
  }

  @Test
  void history_thenLive_thenEnd() {
    SpokenCall call =
        stage
            .begin("call-1", "acme")
            .isHeardBy(new RecognizerStatus(RecognizerStatus.State.CONNECTED, "scripted", ""))
            .says("one")
            .says("two");
    EventReader reader = gateway.events(STREAM, AGENT);
    reader.awaitEvent("caught-up");

    call.guesses(words("s3", 2_000, 2_500, "thr"));
    reader.awaitEvent("interim");
    call.says(words("s3", 2_000, 3_000, "three")).misses(4_000, "hole").ends();

    reader.awaitEnd();
    assertThat(reader.names())
        .containsExactly("final", "final", "caught-up", "interim", "final", "gap", "ended");
    assertThat(reader.finals()).containsExactly("one", "two", "three");
    assertThat(reader.awaitEvent("status").text("recognizer")).isEqualTo("connected");
    assertThat(reader.awaitEvent("ended").data().path("complete").asBoolean()).isFalse();
    assertThat(reader.lines()).startsWith("retry: 2000", "");
  }

  @Test
  void resume_hasNoSeamEvenAcrossARestart() {
    SpokenCall call = stage.begin("call-1", "acme").says("one").says("two");
    String lastId = readFinals("one", "two");
    gateway.close();
    call.says("three");
    gateway = start();
    isReady();

    try (EventReader resumed = gateway.events(STREAM, AGENT, "Last-Event-ID", lastId)) {
      resumed.awaitEvent("caught-up");
      call.says("four");

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
  void placeThatDoesNotExist_isToldAndAllFollows() {
    stage.begin("call-1", "acme").says("one");

    try (EventReader header = gateway.events(STREAM, AGENT, "Last-Event-ID", "17-0");
        EventReader query = gateway.events(STREAM + "?lastEventId=rubbish", AGENT)) {
      header.awaitFinals("one");
      query.awaitFinals("one");

      assertThat(header.names()).startsWith("resync", "final");
      assertThat(query.names()).startsWith("resync", "final");
    }
  }

  @Test
  void whoeverHadTheLastWord_isToldToStayAway() {
    stage.begin("call-1", "acme").says("one").ends();
    String endedId = gateway.events(STREAM, AGENT).awaitEnd().awaitEvent("ended").id();

    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", endedId).statusCode()).isEqualTo(204);
    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", "evicted:1-0").statusCode())
        .isEqualTo(204);
    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", "1-0").body()).contains("resync");
  }

  @Test
  void beyondTheLimit_theOldestGoesAndOthersStay() {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    EventReader oldest = gateway.events(STREAM, AGENT).awaitFinals("one");
    EventReader second = gateway.events(STREAM, AGENT).awaitFinals("one");
    EventReader third = gateway.events(STREAM, AGENT).awaitFinals("one");

    EventReader newest = gateway.events(STREAM, AGENT).awaitFinals("one");

    assertThat(oldest.awaitEnd().awaitEvent("evicted").id()).startsWith("evicted:");
    call.says("two");
    second.awaitFinals("one", "two").close();
    third.awaitFinals("one", "two").close();
    newest.awaitFinals("one", "two").close();
  }

  @Test
  void placeOfAClosedTab_isFreeAtOnce() {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    EventReader kept = gateway.events(STREAM, AGENT).awaitFinals("one");

    for (int i = 0; i < 6; i++) {
      gateway.events(STREAM, AGENT).awaitFinals("one").close();
      await().until(() -> openStreams() == 1);
    }

    call.says("two");
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
  void slowBrowser_isEvictedAndNobodyElseNotices() throws IOException {
    SpokenCall call = stage.begin("call-1", "acme").says("one");
    try (StalledSocket slow = new StalledSocket(gateway.uri(STREAM), AGENT);
        EventReader quick = gateway.events(STREAM, AGENT)) {
      slow.readUntil("caught-up");
      quick.awaitEvent("caught-up");
      String page = "x".repeat(12_000);

      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> {
            IntStream.range(0, 20).forEach(_ -> call.says(page));
            return openStreams() == 1;
          });

      call.says("the end");
      await().until(() -> quick.finals().getLast().equals("the end"));
      assertThat(quick.isOver()).isFalse();
    }
  }

  @Test
  void callOfAnotherTenant_doesNotExist() {
    stage.begin("call-1", "globex").says("secret");

    assertThat(gateway.get(STREAM, AGENT).statusCode()).isEqualTo(404);
    try (EventReader operator = gateway.events(STREAM, TestTokens.operator())) {
      operator.awaitFinals("secret");
    }
  }

  @Test
  void callNotBegun_isWaitedFor() {
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      assertThat(reader.status()).isEqualTo(200);

      stage.begin("call-1", "acme").says("at last");

      reader.awaitFinals("at last");
    }
  }

  @Test
  void gatewayHasOneConnection_whoeverWatches() {
    IntStream.range(0, 3).forEach(i -> stage.begin("call-" + i, "acme").says("hello"));
    try (EventReader one = gateway.events(STREAM, AGENT);
        EventReader page = gateway.events("/v1/live?lines=1", AGENT)) {
      one.awaitFinals("hello");
      await().until(() -> page.finals().size() == 3);

      assertThat(redis.connections("transcript-gateway")).isEqualTo(1);
    }
  }
}
