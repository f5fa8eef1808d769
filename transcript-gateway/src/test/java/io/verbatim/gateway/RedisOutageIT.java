package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RestoreArgs;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.Futures;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.Bus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Coverage;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.WriteResult;
import io.verbatim.testkit.redis.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams during and after an outage of Redis.
class RedisOutageIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String STREAM = "/v1/calls/call-1/transcript";
  private static final String CALL = "call:{call-1}";
  private static final String TRANSCRIPT = "transcript:{call-1}";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Instant started = Instant.now();
  private final RedisServer redis = RedisServer.startDurable();
  private final RunningGateway gateway = RunningGateway.on(redis.url(), Map.of());

  @AfterEach
  void close() {
    gateway.close();
    redis.close();
  }

  @Test
  void streamDuringOutage_opensAndContinuesAfterIt() {
    try (Bus bus = TestBus.on(redis.url());
        CallFixture calls = new CallFixture(bus)) {
      TestCall call = calls.begin("call-1", "acme").addFinal("one");
      try (EventReader early = gateway.events(STREAM, AGENT)) {
        early.awaitFinals("one");
        redis.kill();
        await().atMost(TIMEOUT).until(() -> !early.named("status").isEmpty());
        assertThat(gateway.get("/health", "").body()).contains("degraded", "redis: not connected");
        assertThat(gateway.get("/actuator/health/readiness", "").statusCode()).isEqualTo(503);
        assertThat(gateway.get("/v1/calls", AGENT).statusCode()).isEqualTo(503);

        try (EventReader late = gateway.events(STREAM, AGENT)) {
          assertThat(late.status()).isEqualTo(200);
          assertThat(late.awaitEvent("status").text("reason")).contains("redis");
          redis.restart();

          await().atMost(TIMEOUT).until(() -> late.finals().size() == 1);
          await().atMost(TIMEOUT).ignoreExceptions().until(() -> call.addFinal("two") == call);
          late.awaitFinals("one", "two");
          early.awaitFinals("one", "two");
          assertThat(early.finals()).containsExactly("one", "two");
          assertThat(early.named("resync")).isEmpty();
        }
      }
    }
  }

  /// Words of the same length have the same ids in both histories.
  @ParameterizedTest
  @ValueSource(strings = {"uno", "uno,dos", "uno,dos,tres"})
  void historyReplacedAfterFlush_isReadAgain(String words) {
    List<String> replacement = List.of(words.split(","));
    writeCall("one", "two");
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      redis.commands().flushall();
      writeCall(replacement.toArray(String[]::new));

      reader.awaitEvent("resync");
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(finalsSinceResync(reader)).isEqualTo(replacement));
    }
  }

  @Test
  void historyReplacedWithSameLastId_isReadAgain() {
    try (Bus bus = TestBus.on(redis.url());
        CallFixture calls = new CallFixture(bus)) {
      calls.begin("call-1", "acme").addGap(1_000, "log_lost").addFinal("one");
    }
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one");
      redis.commands().flushall();
      try (Bus bus = TestBus.on(redis.url());
          CallFixture calls = new CallFixture(bus)) {
        calls.begin("call-1", "acme").addGap(2_000, "log_lost").end();
      }

      reader.awaitEnd();
      assertThat(finalsSinceResync(reader)).isEmpty();
      assertThat(reader.names()).containsSubsequence("resync", "gap", "ended");
    }
  }

  @Test
  void interimOfReplacedHistory_causesResync() {
    writeCall("one", "two");
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      redis.commands().flushall();
      try (Bus bus = TestBus.on(redis.url());
          CallFixture calls = new CallFixture(bus)) {
        calls.begin("call-1", "acme").setInterim(Words.words("s1", 0, 300, "u"));

        reader.awaitEvent("resync");
        reader.awaitEvent("interim");
      }
    }
  }

  /// Simulates a failover: the call returns to an earlier state, and its worker writes the lost
  /// entries again.
  @Test
  void lostEntriesWrittenAgainUnchanged_causeNoResync() {
    writeCall("one");
    Map<String, byte[]> earlier = snapshot();
    append("two", 1);
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      restore(earlier);
      redis.restart();
      append("two", 1);
      append("three", 2);

      reader.awaitFinals("one", "two", "three");
      assertThat(reader.finals()).containsExactly("one", "two", "three");
      assertThat(reader.named("resync")).isEmpty();
    }
  }

  @Test
  void lostEntriesReplacedByOthers_causeResync() {
    writeCall("one");
    Map<String, byte[]> earlier = snapshot();
    append("two", 1);
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      reader.awaitFinals("one", "two");
      restore(earlier);
      redis.restart();
      append("dos", 1);

      reader.awaitEvent("resync");
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(finalsSinceResync(reader)).containsExactly("one", "dos"));
    }
  }

  @Test
  void idOfReplacedHistory_causesResync() {
    writeCall("one");
    String lastId;
    try (EventReader reader = gateway.events(STREAM, AGENT)) {
      lastId = reader.awaitFinals("one").named("final").getLast().id();
    }
    redis.commands().flushall();
    writeCall("uno", "dos");

    try (EventReader resumed = gateway.events(STREAM, AGENT, "Last-Event-ID", lastId)) {
      resumed.awaitFinals("uno", "dos");
      assertThat(resumed.names()).startsWith("resync", "final", "final");
    }
  }

  /// A subscriber of the last lines receives the last lines again.
  @Test
  void lastLinesOfReplacedHistory_areSentAgain() {
    writeCall("one", "two", "three");
    try (EventReader reader = gateway.events("/v1/live?lines=2", AGENT)) {
      reader.awaitFinals("two", "three");
      redis.commands().flushall();
      writeCall("uno", "dos", "tres");

      reader.awaitEvent("resync");
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(finalsSinceResync(reader)).endsWith("dos", "tres"));
      assertThat(finalsSinceResync(reader)).doesNotContain("one", "two", "three");
    }
  }

  /// Writes the call, always with the same start, as ingest announces a call again.
  private void writeCall(String... words) {
    try (Bus bus = TestBus.on(redis.url());
        CallFixture calls = new CallFixture(bus, InstantSource.fixed(started))) {
      TestCall call = calls.begin("call-1", "acme");
      for (String word : words) {
        call.addFinal(word);
      }
    }
  }

  /// Appends a second of words as the call's owner.
  private void append(String word, int second) {
    String owner = redis.commands().hget(CALL, "owner");
    Speech words = Words.words("s" + second, second * 1000L, second * 1000L + 1000, word);
    Coverage coverage = new Coverage(0, second * 16_000L, second * 16_000L + 16_000);
    try (Bus bus = TestBus.on(redis.url())) {
      await()
          .atMost(TIMEOUT)
          .ignoreExceptions()
          .until(() ->
              Futures.join(bus.transcripts().append(new CallId("call-1"), owner, coverage, words))
                  instanceof WriteResult.Written);
    }
  }

  private Map<String, byte[]> snapshot() {
    return Stream.of(CALL, TRANSCRIPT, TRANSCRIPT + ":now")
        .collect(Collectors.toMap(key -> key, key -> redis.commands().dump(key)));
  }

  private void restore(Map<String, byte[]> snapshot) {
    snapshot.forEach(
        (key, value) -> redis.commands().restore(key, value, RestoreArgs.Builder.ttl(0).replace()));
  }

  private static List<String> finalsSinceResync(EventReader reader) {
    return reader.events().stream()
        .dropWhile(event -> !event.name().equals("resync"))
        .filter(event -> event.name().equals("final"))
        .map(event -> event.text("text"))
        .toList();
  }
}
