package io.verbatim.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.translator.Language;
import io.verbatim.gateway.auth.Viewer;
import io.verbatim.gateway.calls.CallIdentity;
import io.verbatim.gateway.calls.FoundCall;
import io.verbatim.gateway.fixture.CallFixture;
import io.verbatim.gateway.fixture.Futures;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.gateway.fixture.Words;
import io.verbatim.gateway.log.TranscriptReads;
import io.verbatim.gateway.metrics.GatewayMetrics;
import io.verbatim.pubsub.memory.InMemoryBus;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.service.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tests how the finals of a call are translated for the streams that request a language.
class CallTranslationsTest {

  private static final CallId CALL = new CallId("call-1");
  private static final Viewer AGENT =
      new Viewer("agent", null, "acme", Set.of(Viewer.READ), Instant.MAX);
  private static final Pattern TRANSLATION =
      Pattern.compile("event: translation\ndata: .*?\"language\":\"(.*?)\",\"text\":(.*?)[,}]");
  private static final Pattern ID = Pattern.compile("(?m)^id: (\\S+)$");

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemoryBus bus = new InMemoryBus();
  private final CallFixture calls = new CallFixture(bus);
  private final EventLoop loop = EventLoop.of(bus.loop());
  private final TranscriptReads reads = new TranscriptReads(bus.transcripts());
  private final ScriptedTranslator translator = new ScriptedTranslator();
  private final TranscriptHub hub =
      new TranscriptHub(
          loop,
          bus,
          reads,
          (call, _) ->
              bus.calls()
                  .find(call)
                  .thenApply(found -> found.map(record -> FoundCall.inLog(record, reads))),
          _ -> {},
          translator,
          new HubLimits(
              300,
              300,
              64 * 1024,
              Duration.ofMillis(1),
              Duration.ofMinutes(10),
              Duration.ofMinutes(10),
              Duration.ofMinutes(1),
              1024 * 1024,
              100),
          new GatewayMetrics(meters),
          clock);

  @AfterEach
  void close() {
    hub.close();
    calls.close();
    bus.close();
  }

  private TestStream subscribe(String language) {
    return subscribe(language, null, null);
  }

  /// Opens a stream that continues after two positions. The `Last-Event-ID` of a translated stream
  /// contains both.
  ///
  /// @param entry the last entry that the client received; null for none
  /// @param translated the last final whose translation the client received; null for none
  private TestStream subscribe(
      String language, @Nullable String entry, @Nullable String translated) {
    Captions captions = new Captions(new Language(language), translated);
    return new TestStream(
        loop, connection -> hub.openCall(connection, CALL, entry, captions, AGENT));
  }

  /// Continues after the last id of a stream: `<entry>` or `<entry>~<translated>`.
  private TestStream resume(String language, TestStream before) {
    String[] id = lastId(before).split("~", -1);
    return subscribe(language, id[0], id.length > 1 ? id[1] : null);
  }

  private static String lastId(TestStream stream) {
    return ID.matcher(stream.text()).results().map(found -> found.group(1)).toList().getLast();
  }

  /// The translations that a stream received, as `es:"words"`.
  private static List<String> translations(TestStream stream) {
    return TRANSLATION
        .matcher(stream.text())
        .results()
        .map(found -> found.group(1) + ":" + found.group(2))
        .toList();
  }

  private static TestStream awaitTranslations(TestStream stream, String... translations) {
    await().untilAsserted(() -> assertThat(translations(stream)).containsExactly(translations));
    return stream;
  }

  /// The number of translations that were counted with this outcome.
  private double count(String outcome) {
    return meters.get("verbatim.gateway.captions").tag("outcome", outcome).counter().count();
  }

  private double feeds() {
    return meters.get("verbatim.gateway.feeds").gauge().value();
  }

  @Test
  void finals_areTranslatedAfterTheyWereSent() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream stream = subscribe("es").awaitEvents("final", "caught-up", "translation");

    call.addFinal("two").end();

    stream.awaitEnd();
    awaitTranslations(stream, "es:\"[es] one\"", "es:\"[es] two\"");
    assertThat(stream.events())
        .containsExactlyInAnyOrder(
            "final", "caught-up", "translation", "final", "ended", "translation");
    assertThat(translator.requests()).containsExactly("es:one", "es:two");
  }

  @Test
  void manySubscribers_shareOneRequestForEachFinalAndLanguage() {
    TestCall call = calls.begin("call-1", "acme");
    List<TestStream> streams = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      streams.add(subscribe(i % 2 == 0 ? "es" : "fr").awaitEvents("caught-up"));
    }

    IntStream.range(0, 20).forEach(i -> call.addFinal("line " + i));

    for (TestStream stream : streams) {
      await().untilAsserted(() -> assertThat(translations(stream)).hasSize(20));
      assertThat(stream.words()).hasSize(20);
    }
    assertThat(translator.requests()).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void slowTranslator_doesNotDelayFinals() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe("es").awaitEvents("caught-up");
    translator.hold();

    IntStream.range(0, 10).forEach(i -> call.addFinal("line " + i));

    await().until(() -> stream.words().size() == 10);
    assertThat(translations(stream)).isEmpty();
    assertThat(translator.requests()).hasSize(4); // At most four at once.
    translator.release();
    await().until(() -> translations(stream).size() == 10);
    assertThat(translations(stream).getFirst()).isEqualTo("es:\"[es] line 0\"");
    assertThat(translations(stream).getLast()).isEqualTo("es:\"[es] line 9\"");
  }

  @Test
  void outage_isReported_andItsLinesAreTranslatedAfterwards() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe("es").awaitEvents("caught-up");
    translator.failWith(FailureKind.UNAVAILABLE);

    call.addFinal("one").addFinal("two");

    stream.awaitText("event: translation-status").awaitText("The provider says UNAVAILABLE.");
    await().until(() -> stream.words().size() == 2);
    TestStream late = subscribe("es").awaitText("\"state\":\"unavailable\"");
    translator.failWith(null);
    awaitTranslations(stream, "es:\"[es] one\"", "es:\"[es] two\"")
        .awaitText("\"state\":\"available\"");
    awaitTranslations(late, "es:\"[es] one\"", "es:\"[es] two\"");
    assertThat(count("translated")).isEqualTo(2);
    assertThat(count("retried")).isPositive();
  }

  @Test
  void linesBeyondTheLimitDuringAnOutage_arePublishedAsFailed() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe("es").awaitEvents("caught-up");
    translator.failWith(FailureKind.TIMEOUT);
    call.addLines(1);
    stream.awaitText("translation-status");

    call.addLines(209);
    await().until(() -> stream.words().size() == 210);
    translator.failWith(null);

    await().until(() -> translations(stream).size() == 210);
    // 200 lines may wait. The oldest 10 are skipped, except one whose request is in flight.
    assertThat(count("skipped")).isBetween(9.0, 10.0);
    assertThat(count("translated")).isEqualTo(210 - count("skipped"));
    stream.awaitText("too many lines waited for the translator");
  }

  @Test
  void finalThatTheProviderRejects_isPublishedAsFailed() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe("es").awaitEvents("caught-up");
    translator.failWith(FailureKind.REJECTED);
    call.addFinal("one");
    awaitTranslations(stream, "es:null").awaitText("The provider says REJECTED.");

    translator.failWith(null);
    call.addFinal("two");

    awaitTranslations(stream, "es:null", "es:\"[es] two\"");
    assertThat(stream.text()).doesNotContain("translation-status");
  }

  @Test
  void resumedStream_receivesExactlyTheMissingTranslations() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream first = awaitTranslations(subscribe("es"), "es:\"[es] one\"");
    translator.hold();
    call.addFinal("two").addFinal("three");
    await().until(() -> first.words().size() == 3);
    await().until(() -> lastId(first).split("~", -1).length == 2);
    first.close();
    translator.release();
    call.addFinal("four");

    TestStream second = resume("es", first);

    awaitTranslations(second, "es:\"[es] two\"", "es:\"[es] three\"", "es:\"[es] four\"");
    assertThat(second.words()).containsExactly("final:four");
    assertThat(translator.requests())
        .containsExactlyInAnyOrder("es:one", "es:two", "es:three", "es:four");
  }

  @Test
  void lastEventIdWithoutTranslation_resumesWithAllTranslations() {
    calls.begin("call-1", "acme").addFinal("one").addFinal("two");
    TestStream first = awaitTranslations(subscribe("es"), "es:\"[es] one\"", "es:\"[es] two\"");
    String id = lastId(first).split("~", -1)[0];

    TestStream second = subscribe("es", id, null);

    awaitTranslations(second, "es:\"[es] one\"", "es:\"[es] two\"");
    assertThat(second.words()).isEmpty();
    assertThat(translator.requests()).hasSize(2);
  }

  @Test
  void unknownLastEventId_causesResyncWithAllTranslations() {
    calls.begin("call-1", "acme").addFinal("one");

    TestStream stream = subscribe("es", "17-0", "17-0");

    stream.awaitEvents("resync", "final", "caught-up", "translation");
  }

  @Test
  void history_onlyTheLast100FinalsAreTranslated() {
    calls.begin("call-1", "acme").addLines(150);

    TestStream stream = subscribe("es");

    await().until(() -> translations(stream).size() == 100);
    assertThat(stream.words()).hasSize(150);
    assertThat(translations(stream).getFirst()).isEqualTo("es:\"[es] line 50\"");
    assertThat(translator.requests()).hasSize(100);
  }

  @Test
  void wordsInTheTargetLanguage_needNoTranslator() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe("es-MX").awaitEvents("caught-up");

    call.addFinal(Words.inLanguage("es", Words.words("s1", 0, 1000, "hola")));

    awaitTranslations(stream, "es-MX:\"hola\"");
    assertThat(translator.requests()).isEmpty();
  }

  @Test
  void languageWithoutSubscribers_isNotTranslated() {
    TestCall call = calls.begin("call-1", "acme").addFinal("one");
    TestStream original =
        new TestStream(loop, connection -> hub.openCall(connection, CALL, null, null, AGENT));
    TestStream spanish = awaitTranslations(subscribe("es"), "es:\"[es] one\"");
    spanish.close();
    call.addFinal("two");
    await().until(() -> original.words().size() == 2);

    assertThat(translator.requests()).containsExactly("es:one");
    awaitTranslations(subscribe("es"), "es:\"[es] one\"", "es:\"[es] two\"");
    assertThat(translator.requests()).containsExactly("es:one", "es:two");
  }

  @Test
  void streamOfEndedCall_waitsForTheTranslatorAtMost30Seconds() {
    TestCall call = calls.begin("call-1", "acme");
    TestStream stream = subscribe("es").awaitEvents("caught-up");
    translator.hold();
    call.addFinal("one").end();
    stream.awaitEvents("caught-up", "final", "ended");
    assertThat(stream.isOver()).isFalse();

    clock.advance(Duration.ofSeconds(30));

    stream.awaitEnd();
    translator.release();
    TestStream resumed = resume("es", stream);
    resumed.awaitEnd();
    awaitTranslations(resumed, "es:\"[es] one\"");
    assertThat(translator.requests()).hasSize(1);
  }

  @Test
  void erasure_discardsTheTranslationsOfTheCall() {
    calls.begin("call-1", "acme").addFinal("private").end();
    TestStream page =
        new TestStream(
            loop,
            connection ->
                hub.openPage(
                    connection, 1, CALL, null, new Captions(new Language("es"), null), AGENT));
    awaitTranslations(page, "es:\"[es] private\"");
    translator.hold();
    TestStream french =
        new TestStream(
            loop,
            connection ->
                hub.openPage(
                    connection, 1, CALL, null, new Captions(new Language("fr"), null), AGENT));
    await().until(() -> translator.requests().contains("fr:private"));

    hub.erased(CallIdentity.of(Futures.join(bus.calls().find(CALL)).orElseThrow()));

    page.awaitText("event: erased");
    french.awaitText("event: erased");
    translator.release();
    translator.hold();
    subscribe("es").awaitText("event: final");
    // The translation was not kept, so it is requested again.
    await().until(() -> translator.requests().size() == 3);
    assertThat(french.text()).doesNotContain("[fr]");
    translator.release();
  }

  @Test
  void translationsWithoutSubscribers_stayUntilTheCallIsForgotten() {
    calls.begin("call-1", "acme").addFinal("one").end();
    awaitTranslations(subscribe("es"), "es:\"[es] one\"").awaitEnd();
    calls.begin("call-2", "acme").addFinal("two").end();
    new TestStream(
            loop, connection -> hub.openCall(connection, new CallId("call-2"), null, null, AGENT))
        .awaitEnd();
    assertThat(feeds()).isEqualTo(2);

    clock.advance(Duration.ofSeconds(30));

    await().until(() -> feeds() == 1); // The call without translations was removed.
    awaitTranslations(subscribe("es"), "es:\"[es] one\"").awaitEnd();
    assertThat(translator.requests()).hasSize(1);
    clock.advance(Duration.ofMinutes(10));
    await().until(() -> feeds() == 0);
    awaitTranslations(subscribe("es"), "es:\"[es] one\"");
    assertThat(translator.requests()).hasSize(2);
  }

  @Test
  void eleventhLanguage_isReportedAsUnavailable() {
    calls.begin("call-1", "acme").addFinal("one");
    for (String language : List.of("es", "fr", "de", "it", "pt", "nl", "sv", "da", "fi", "pl")) {
      awaitTranslations(subscribe(language), language + ":\"[" + language + "] one\"");
    }

    TestStream stream = subscribe("ro");

    stream.awaitText("\"language\":\"ro\",\"state\":\"unavailable\"");
    assertThat(translator.requests()).hasSize(10);
  }
}
