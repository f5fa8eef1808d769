package io.verbatim.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.EventReader;
import io.verbatim.gateway.fixture.EventReader.Event;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.gateway.fixture.TestBus;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.pubsub.Bus;
import io.verbatim.testkit.providers.ChatTranslations;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A live call in other languages, from a real Redis and a provider's stand-in.
@ExtendWith(RedisExtension.class)
class CaptionsIT {

  private static final String AGENT = TestTokens.agentOf("acme");
  private static final String STREAM = "/v1/calls/call-1/transcript";
  private static final int WATCHERS = 100;

  private final ChatTranslations provider = new ChatTranslations("ds-key");
  private final RedisServer redis;
  private final Bus bus;
  private final CallFixture calls;
  private RunningGateway gateway;

  CaptionsIT(RedisServer redis) {
    this.redis = redis;
    this.bus = TestBus.on(redis.url());
    this.calls = new CallFixture(bus);
    this.gateway = start();
  }

  private RunningGateway start() {
    return RunningGateway.on(
        redis.url(),
        Map.of(
            "MAX_SSE_CLIENTS",
            "200",
            "REQUESTS_PER_SECOND",
            "1000",
            "CAPTIONS_TRANSLATOR",
            "deepseek",
            "DEEPSEEK_API_KEY",
            "ds-key",
            "DEEPSEEK_URL",
            provider.url().toString()));
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
    provider.close();
  }

  private EventReader watch(String language, String... headers) {
    return gateway.events(STREAM + "?translate=" + language, AGENT, headers);
  }

  private static List<String> translations(EventReader stream) {
    return stream.named("translation").stream().map(event -> event.text("text")).toList();
  }

  private static void awaitTranslations(EventReader stream, String... texts) {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(translations(stream)).containsExactly(texts));
  }

  @Test
  void hundredWatchersInTwoLanguages_costOneRequestForEachFinalAndLanguage() {
    TestCall call = calls.begin("call-1", "acme").addFinal("line 0");
    List<EventReader> watchers = new ArrayList<>();
    for (int i = 0; i < WATCHERS; i++) {
      watchers.add(watch(i % 2 == 0 ? "es" : "pt-BR"));
    }
    watchers.forEach(watcher -> watcher.awaitEvent("caught-up"));

    IntStream.range(1, 20).forEach(i -> call.addFinal("line " + i));
    call.end();

    for (int i = 0; i < WATCHERS; i++) {
      String language = i % 2 == 0 ? "es" : "pt-BR";
      EventReader watcher = watchers.get(i).awaitEnd();
      assertThat(translations(watcher))
          .isEqualTo(IntStream.range(0, 20).mapToObj(n -> "[" + language + "] line " + n).toList());
      assertThat(watcher.named("translation").stream().map(event -> event.text("final")))
          .isEqualTo(watcher.named("final").stream().map(Event::id).toList());
    }
    assertThat(provider.translated()).hasSize(40).doesNotHaveDuplicates();
    assertThat(provider.requests()).isEqualTo(40);
  }

  @Test
  void slowProvider_doesNotDelayFinals() {
    TestCall call = calls.begin("call-1", "acme");
    try (EventReader watcher = watch("es")) {
      watcher.awaitEvent("caught-up");
      provider.hold();

      call.addFinal("one").addFinal("two");

      watcher.awaitFinals("one", "two");
      await().until(() -> provider.requests() == 2);
      assertThat(translations(watcher)).isEmpty();
      provider.release();
      awaitTranslations(watcher, "[es] one", "[es] two");
    }
  }

  @Test
  void outageOfProvider_isShown_andCaughtUpAfterwards() {
    TestCall call = calls.begin("call-1", "acme");
    try (EventReader watcher = watch("es")) {
      watcher.awaitEvent("caught-up");
      provider.answerNext(401, "{}");
      call.addFinal("one");

      Event status = watcher.awaitEvent("translation-status");
      call.addFinal("two");

      assertThat(status.text("state")).isEqualTo("unavailable");
      assertThat(status.text("reason")).isEqualTo("DeepSeek refused the key in DEEPSEEK_API_KEY.");
      awaitTranslations(watcher, "[es] one", "[es] two");
      assertThat(watcher.named("translation-status").getLast().text("state"))
          .isEqualTo("available");
    }
  }

  @Test
  void resumeAfterRestart_getsTheTranslationsItLacks() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    EventReader first = watch("es");
    awaitTranslations(first, "[es] one");
    provider.hold();
    call.addFinal("two");
    first.awaitFinals("one", "two");
    await().until(() -> lastId(first).startsWith(first.named("final").getLast().id() + "~"));
    String id = lastId(first);
    gateway.close();
    provider.release();
    gateway = start();
    awaitReady();

    EventReader second = watch("es", "Last-Event-ID", id);
    awaitTranslations(second, "[es] two");
    call.end();

    second.awaitEnd();
    assertThat(second.finals()).isEmpty();
    assertThat(translations(second)).containsExactly("[es] two");
    assertThat(
            gateway
                .get(STREAM + "?translate=es", AGENT, "Last-Event-ID", lastId(second))
                .statusCode())
        .isEqualTo(204);
    assertThat(gateway.get(STREAM, AGENT, "Last-Event-ID", lastId(second)).statusCode())
        .isEqualTo(204);
    String ended = second.named("ended").getLast().id();
    HttpResponse<String> all = gateway.get(STREAM + "?translate=es", AGENT, "Last-Event-ID", ended);
    assertThat(all.body()).contains("[es] one", "[es] two").doesNotContain("event: final");
  }

  private static String lastId(EventReader stream) {
    return stream.lines().stream()
        .filter(line -> line.startsWith("id: "))
        .map(line -> line.substring("id: ".length()))
        .toList()
        .getLast();
  }

  @Test
  void page_getsTranslationsOfItsCall() {
    calls.begin("call-1", "acme").addFinal("one");
    calls.begin("call-2", "acme").addFinal("other");
    try (EventReader page = gateway.events("/v1/live?call=call-1&translate=es", AGENT)) {
      awaitTranslations(page, "[es] one");
      assertThat(provider.translated()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xx", "Spanish", "e", "es%22", "es-"})
  void invalidLanguage_isRefusedWith400(String tag) {
    HttpResponse<String> answer = gateway.get(STREAM + "?translate=" + tag, AGENT);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"parameter\":\"translate\"");
  }

  @Test
  void gatewayWithoutTranslator_refusesWith400ThatNamesTheSetting() {
    try (RunningGateway other = RunningGateway.on(redis.url(), Map.of())) {
      HttpResponse<String> answer = other.get(STREAM + "?translate=es", AGENT);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains(
              "Calls are not translated: none of OPENAI_API_KEY, GOOGLE_API_KEY,"
                  + " GOOGLE_APPLICATION_CREDENTIALS and DEEPSEEK_API_KEY is set on this gateway.");
    }
  }
}
