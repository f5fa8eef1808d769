package io.verbatim.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.ingest.testkit.IngestServer;
import io.verbatim.ingest.testkit.PcmClient;
import io.verbatim.ingest.testkit.TestSocket;
import io.verbatim.ingest.testkit.TestWorker;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// pcm callers that ask for the words of their call.
class PcmTranscriptTest {
  private static final Tokens TOKENS = new Tokens();
  private static final InMemoryBus BUS = new InMemoryBus();
  private static final IngestServer SERVER = IngestServer.start(BUS, TOKENS);
  private static final TestWorker WORKER = TestWorker.on(BUS);

  @AfterAll
  static void close() {
    WORKER.close();
    SERVER.close();
    BUS.close();
  }

  @Test
  void callersWords_arriveUntilTheEnd_thenStopped() {
    TestSocket caller = start("w1", ",\"transcripts\":true");
    caller.send(PcmClient.frame(1));
    WORKER.interim("w1", 0, "he");
    JsonNode interim = caller.await("transcription");
    WORKER.words("w1", 0, 320, "hello");
    awaitFinal(caller, "hello");

    caller.send("{\"event\":\"stop\"}");
    caller.await(message -> event(message).equals("ack"));
    WORKER.end("w1", 320);

    assertThat(caller.awaitClose()).isEqualTo(1000);
    assertThat(interim.path("is_final").booleanValue()).isFalse();
    assertThat(interim.path("transcript").stringValue()).isEqualTo("he");
    assertThat(caller.received().stream().map(PcmTranscriptTest::event))
        .containsExactly("started", "transcription", "transcription", "ack", "ended", "stopped");
  }

  @Test
  void callerThatDoesNotAsk_getsNoWords() {
    TestSocket caller = start("w2", "");
    caller.send(PcmClient.frame(1));
    WORKER.words("w2", 0, 320, "hello");

    caller.send("{\"event\":\"stop\"}");

    assertThat(caller.awaitClose()).isEqualTo(1000);
    assertThat(caller.received().stream().map(PcmTranscriptTest::event))
        .containsExactly("started", "ack", "stopped");
  }

  @Test
  void resumedCall_getsTheWordsBehindTranscriptsFrom() {
    TestSocket first = start("w3", ",\"transcripts\":true");
    first.send(PcmClient.frame(1));
    WORKER.words("w3", 0, 320, "one");
    String id = awaitFinal(first, "one").path("id").stringValue();
    first.drop();
    TestSocket second =
        start("w3", ",\"resume_from\":2,\"transcripts\":true,\"transcripts_from\":\"" + id + "\"");
    second.send(PcmClient.frame(2));
    WORKER.words("w3", 320, 640, "two");
    awaitFinal(second, "two");

    assertThat(finals(second)).containsExactly("two");
    second.drop();
  }

  @Test
  void resumedCall_withoutTranscriptsFrom_getsAllWords() {
    TestSocket first = start("w4", ",\"transcripts\":true");
    first.send(PcmClient.frame(1));
    WORKER.words("w4", 0, 320, "one");
    awaitFinal(first, "one");
    first.drop();
    TestSocket second = start("w4", ",\"resume_from\":2,\"transcripts\":true");
    second.send(PcmClient.frame(2));
    WORKER.words("w4", 320, 640, "two");
    awaitFinal(second, "two");

    assertThat(finals(second)).containsExactly("one", "two");
    second.drop();
  }

  @Test
  void transcriptsFromOfAnotherHistory_isAResync() {
    TestSocket caller =
        start("w5", ",\"transcripts\":true,\"transcripts_from\":\"7-0.0123456789ab\"");

    assertThat(caller.await("resync").path("reason").stringValue()).contains("transcripts_from");
    caller.drop();
  }

  @Test
  void callerThatDoesNotRead_delaysOnlyItsWords() {
    int finals = 2000;
    String text = "x".repeat(8 * 1024);
    TestSocket caller = start("w7", ",\"transcripts\":true");
    caller.pause();
    for (int i = 0; i < finals; i++) {
      WORKER.words("w7", 2L * i, 2L * (i + 1), i + " " + text);
    }
    assertThat(sentFinals()).isLessThan(finals);

    for (int seq = 1; seq <= 20; seq++) {
      caller.send(PcmClient.frame(seq));
    }
    caller.send("{\"event\":\"stop\"}");
    WORKER.end("w7", 20 * 320);
    caller.resume();

    assertThat(caller.awaitClose()).isEqualTo(1000);
    assertThat(finals(caller))
        .hasSize(finals)
        .extracting(words -> Integer.parseInt(words.substring(0, words.indexOf(' '))))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(caller.received().stream().map(PcmTranscriptTest::event))
        .filteredOn("ack"::equals)
        .hasSize(2);
    assertThat(event(caller.received().getLast())).isEqualTo("stopped");
  }

  private static double sentFinals() {
    return SERVER
        .part(MeterRegistry.class)
        .get("verbatim.ingest.transcript.messages")
        .tag("kind", "final")
        .counter()
        .count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"transcripts\":1                            | bad_transcripts",
        ",\"transcripts\":\"true\"                     | bad_transcripts",
        ",\"transcripts\":true,\"transcripts_from\":1  | bad_transcripts_from",
      })
  void badField_closesWith1008(String fields, String code) {
    TestSocket caller = TestSocket.pcm(SERVER, TOKENS.valid());

    caller.send(PcmClient.start("w6", fields));

    assertThat(caller.await("error").path("code").stringValue()).isEqualTo(code);
    assertThat(caller.awaitClose()).isEqualTo(1008);
  }

  private static TestSocket start(String call, String more) {
    TestSocket caller = TestSocket.pcm(SERVER, TOKENS.valid());
    caller.send(PcmClient.start(call, more));
    caller.await("started");
    return caller;
  }

  private static JsonNode awaitFinal(TestSocket caller, String text) {
    return caller.await(message ->
        message.path("is_final").asBoolean(false)
            && message.path("transcript").asString("").equals(text));
  }

  private static List<String> finals(TestSocket caller) {
    return caller.received().stream()
        .filter(message -> message.path("is_final").asBoolean(false))
        .map(message -> message.path("transcript").stringValue())
        .toList();
  }

  private static String event(JsonNode message) {
    return message.path("event").stringValue();
  }
}
