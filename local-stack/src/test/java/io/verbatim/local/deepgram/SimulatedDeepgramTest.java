package io.verbatim.local.deepgram;

import static io.verbatim.local.deepgram.LiveClient.audio;
import static io.verbatim.local.deepgram.LiveClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.local.deepgram.LiveClient.Conversation;
import io.verbatim.local.deepgram.LiveClient.HttpAnswer;
import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

class SimulatedDeepgramTest {
  private static final String LINEAR = "encoding=linear16&sample_rate=8000&channels=1";
  private static final SampleCall CALL = SampleCall.load();
  private static final byte[] SOUND = CALL.sound().data();

  private static SimulatedDeepgram server;
  private static LiveClient client;

  @BeforeAll
  static void start() {
    server = SimulatedDeepgram.start(CALL);
    client = new LiveClient(server.uri());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void wholeCall_isTranscribedThenMetadataThenClose1000() {
    Conversation conversation =
        client.converse(LINEAR, frames(SOUND, 0).concatWithValues(text("CloseStream")));

    assertThat(conversation.finals().stream().map(SimulatedDeepgramTest::transcript))
        .filteredOn(transcript -> !transcript.isEmpty())
        .containsExactlyElementsOf(CALL.utterances().stream().map(Utterance::text).toList());
    assertThat(conversation.messages().getLast().path("type").asString()).isEqualTo("Metadata");
    assertThat(conversation.messages().getLast().path("duration").asDouble())
        .isCloseTo(SOUND.length / 16000.0, within(1e-6));
    assertThat(conversation.ofType("Metadata")).hasSize(1);
    assertThat(conversation.close().code()).isEqualTo(1000);
  }

  @Test
  void results_areContiguousInSessionTime() {
    Conversation conversation =
        client.converse(LINEAR, frames(SOUND, 160_000).concatWithValues(text("CloseStream")));

    double end = 0;
    for (JsonNode result : conversation.finals()) {
      assertThat(result.path("start").asDouble()).isCloseTo(end, within(1e-6));
      end = result.path("start").asDouble() + result.path("duration").asDouble();
      for (JsonNode word : words(result)) {
        assertThat(word.path("start").asDouble())
            .isGreaterThanOrEqualTo(result.path("start").asDouble());
        assertThat(word.path("end").asDouble()).isLessThanOrEqualTo(end);
      }
    }
    assertThat(end).isCloseTo((SOUND.length - 160_000) / 16000.0, within(1e-6));
    assertThat(words(conversation.finals().getFirst()).getFirst().path("word").asString())
        .isEqualTo(firstWordFrom(80_000));
  }

  @Test
  void results_containModelAndRequestId() {
    Conversation conversation =
        client.converse(LINEAR, frames(SOUND, 0).take(100).concatWithValues(text("CloseStream")));

    JsonNode metadata = conversation.finals().getFirst().path("metadata");
    assertThat(metadata.path("model_info").path("name").asString()).isEqualTo("simulated");
    assertThat(metadata.path("request_id").asString())
        .isEqualTo(conversation.requestId())
        .isNotEmpty();
  }

  @Test
  void interimsAndSpeechEvents_areSentOnlyOnRequest() {
    Conversation plain = client.converse(LINEAR, framesOfStart());
    Conversation full =
        client.converse(LINEAR + "&interim_results=true&vad_events=true", framesOfStart());

    assertThat(plain.ofType("SpeechStarted")).isEmpty();
    assertThat(plain.ofType("Results")).isEqualTo(plain.finals());
    assertThat(full.ofType("SpeechStarted").getFirst().path("timestamp").asDouble())
        .isCloseTo(CALL.utterances().getFirst().startSample() / 8000.0, within(1e-6));
    List<JsonNode> interims =
        full.ofType("Results").stream()
            .filter(result -> !result.path("is_final").asBoolean())
            .toList();
    assertThat(
            interims
                .getFirst()
                .path("channel")
                .path("alternatives")
                .path(0)
                .path("transcript")
                .asString())
        .isEqualTo("Thank");
    assertThat(interims).hasSizeGreaterThan(10);
  }

  @Test
  void utteranceEnd_followsTheRequestedSilence() {
    byte[] silence = new byte[32_000];

    Conversation conversation =
        client.converse(
            LINEAR + "&interim_results=true&utterance_end_ms=1000",
            frames(SOUND, SOUND.length - 80_000)
                .concatWith(frames(silence, 0))
                .concatWithValues(text("CloseStream")));

    assertThat(conversation.ofType("UtteranceEnd")).hasSize(1);
    assertThat(conversation.ofType("UtteranceEnd").getFirst().path("last_word_end").asDouble())
        .isCloseTo(
            (CALL.utterances().getLast().endSample() - (SOUND.length - 80_000) / 2) / 8000.0,
            within(1e-6));
  }

  @Test
  void finalize_returnsPendingWordsAndContinues() {
    int withinSecondWord = 16_500;
    byte[] head = Arrays.copyOf(SOUND, withinSecondWord);

    Conversation conversation =
        client.converse(
            LINEAR,
            frames(head, 0)
                .concatWithValues(text("Finalize"))
                .concatWith(frames(SOUND, withinSecondWord).take(260))
                .concatWithValues(text("CloseStream")));

    JsonNode flushed = conversation.finals().getFirst();
    assertThat(transcript(flushed)).isEqualTo("Thank");
    assertThat(flushed.path("from_finalize").asBoolean()).isTrue();
    assertThat(transcript(conversation.finals().get(1)))
        .isEqualTo(CALL.utterances().getFirst().text().substring("Thank ".length()));
  }

  @Test
  void diarize_addsTheSpeakerToEachWord() {
    Conversation conversation =
        client.converse(
            LINEAR + "&diarize=true",
            frames(SOUND, 0).take(550).concatWithValues(text("CloseStream")));

    assertThat(
            conversation.finals().stream()
                .map(result -> words(result).getFirst().path("speaker").asInt()))
        .startsWith(0, 1);
  }

  @Test
  void multichannel_recognisesEachChannelSeparately() {
    byte[] interleaved = new byte[320_000];
    for (int sample = 0; sample < interleaved.length / 4; sample++) {
      System.arraycopy(SOUND, sample * 2, interleaved, sample * 4 + 2, 2);
    }

    Conversation conversation =
        client.converse(
            "encoding=linear16&sample_rate=8000&channels=2&multichannel=true",
            frames(interleaved, 0).concatWithValues(text("CloseStream")));

    List<JsonNode> right =
        conversation.finals().stream()
            .filter(result -> result.path("channel_index").path(0).asInt() == 1)
            .toList();
    assertThat(transcript(right.getFirst())).isEqualTo(CALL.utterances().getFirst().text());
    assertThat(conversation.finals())
        .allMatch(result -> result.path("channel_index").path(1).asInt() == 2)
        .filteredOn(result -> result.path("channel_index").path(0).asInt() == 0)
        .isNotEmpty()
        .allMatch(result -> transcript(result).isEmpty());
  }

  @Test
  void emptyBinaryFrame_closesTheStream() {
    Conversation conversation =
        client.converse(LINEAR, frames(SOUND, 0).take(10).concatWithValues(audio(new byte[0])));

    assertThat(conversation.ofType("Metadata")).hasSize(1);
    assertThat(conversation.close().code()).isEqualTo(1000);
  }

  @Test
  void mulaw_isRecognisedAsSpeechWithoutWords() {
    byte[] loud = new byte[16_000];
    for (int index = 0; index < loud.length; index++) {
      loud[index] = (byte) (index % 20 < 10 ? 0x10 : 0x90);
    }

    Conversation conversation =
        client.converse(
            "encoding=mulaw&sample_rate=8000",
            frames(loud, 0).concatWithValues(text("CloseStream")));

    assertThat(conversation.finals())
        .extracting(SimulatedDeepgramTest::transcript)
        .contains("[speech]");
    assertThat(words(conversation.finals().getFirst())).isEmpty();
  }

  @Test
  void silentClient_isClosedWithNet0001() {
    try (SimulatedDeepgram withShortTimeout =
        SimulatedDeepgram.start(CALL, Duration.ofMillis(200), Clock.systemUTC())) {
      Conversation conversation =
          new LiveClient(withShortTimeout.uri()).converse(LINEAR, Flux.just(audio(new byte[320])));

      assertThat(conversation.close().code()).isEqualTo(1011);
      assertThat(conversation.close().reasonText()).startsWith("NET-0001");
    }
  }

  @Test
  void keepAlive_preventsTheIdleTimeout() {
    try (SimulatedDeepgram withShortTimeout =
        SimulatedDeepgram.start(CALL, Duration.ofMillis(1500), Clock.systemUTC())) {
      Conversation conversation =
          new LiveClient(withShortTimeout.uri())
              .converse(
                  LINEAR,
                  Flux.interval(Duration.ofMillis(250))
                      .take(8)
                      .map(_ -> text("KeepAlive"))
                      .concatWithValues(text("CloseStream")));

      assertThat(conversation.close().code()).isEqualTo(1000);
    }
  }

  @Test
  void handshakeWithoutToken_is401WithReason() {
    for (String authorization : List.of("", "Token ", "Bearer key", "Basic a2V5")) {
      HttpAnswer answer = client.handshake(LINEAR, authorization);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.error()).isNotEmpty();
      assertThat(answer.requestId()).isNotEmpty();
      assertThat(answer.body()).contains("INVALID_AUTH");
    }
  }

  @Test
  void handshakeWithUnsupportedParameters_is400WithReason() {
    assertThat(client.handshake("encoding=opus&sample_rate=8000", "Token key").error())
        .contains("opus");
    assertThat(client.handshake("encoding=linear16", "Token key").error()).contains("sample_rate");
    assertThat(client.handshake(LINEAR + "&utterance_end_ms=1000", "Token key").status())
        .isEqualTo(400);
  }

  private static Flux<WebSocketFrame> framesOfStart() {
    return frames(SOUND, 0).take(300).concatWithValues(text("CloseStream"));
  }

  /// Frames of 20 ms.
  private static Flux<WebSocketFrame> frames(byte[] sound, int from) {
    int count = (sound.length - from + 319) / 320;
    return Flux.range(0, count)
        .map(frame ->
            audio(
                Arrays.copyOfRange(
                    sound, from + frame * 320, Math.min(sound.length, from + frame * 320 + 320))));
  }

  private static String firstWordFrom(long sample) {
    return CALL.utterances().stream()
        .flatMap(utterance -> utterance.words().stream())
        .filter(word -> word.startSample() >= sample)
        .findFirst()
        .orElseThrow()
        .word();
  }

  private static String transcript(JsonNode result) {
    return result.path("channel").path("alternatives").path(0).path("transcript").asString();
  }

  private static List<JsonNode> words(JsonNode result) {
    JsonNode words = result.path("channel").path("alternatives").path(0).path("words");
    return StreamSupport.stream(words.spliterator(), false).toList();
  }
}
