package io.verbatim.gateway.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.testkit.providers.NumberedSpeech;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Recordings that are transcribed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranscriptionsTest {

  private static final Pattern FORM_FIELD = Pattern.compile("-F '?\"?([a-z_]+)=(@?)([^'\" ]+)");
  private static final Pattern PATH = Pattern.compile("http://localhost:8000(/\\S+)");

  private final RecordingGateway recordings =
      new RecordingGateway(Map.of("REQUESTS_PER_SECOND", "1000"));

  @AfterAll
  void close() {
    recordings.close();
  }

  /// The lines of the previous system's runbook, with the fields that its answers had.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "curl -X POST http://localhost:8000/transcriptions/deepgram -H 'Authorization: Bearer"
            + " $TOKEN' -F 'audio=@sample.wav' -F 'language=en' -F 'diarize=false' |"
            + " {\"transcript\":\"w0 w1 w2\",\"processing_info\":{\"service\":\"deepgram\","
            + "\"model_used\":\"nova-2\",\"language_requested\":\"en\","
            + "\"diarization_enabled\":false},\"confidence\":0.95}",
        "curl -X POST http://localhost:8000/transcriptions/deepgram -H 'Authorization: Bearer"
            + " $TOKEN' -F 'audio=@sample.wav' -F 'language=es' -F 'diarize=true' -F"
            + " 'model=nova-3' | {\"transcript\":\"w0 w1"
            + " w2\",\"processing_info\":{\"service\":\"deepgram\",\"model_used\":\"nova-3\","
            + "\"language_requested\":\"es\",\"diarization_enabled\":true},\"confidence\":0.95}",
        "curl -X POST http://localhost:8000/transcriptions/whisper -H 'Authorization: Bearer"
            + " $TOKEN' -F 'audio=@sample.wav' -F 'language=en' | {\"transcript\":\"w0 w1"
            + " w2\",\"processing_info\":{\"service\":\"whisper\",\"model_used\":\"whisper-1\","
            + "\"language_requested\":\"en\",\"diarization_enabled\":false}}",
        "curl -X POST http://localhost:8000/transcriptions/assemblyai -H 'Authorization: Bearer"
            + " $TOKEN' -F 'audio=@sample.wav' -F 'language=en' -F 'diarize=true' |"
            + " {\"transcript\":\"w0 w1 w2\",\"processing_info\":{\"service\":\"assemblyai\","
            + "\"model_used\":\"universal-2\",\"language_requested\":\"en\","
            + "\"diarization_enabled\":true},\"confidence\":0.9}",
      })
  void lineOfOldRunbook_givesItsShape(String line, String expected) {
    assertAnswer(recordings, line, NumberedSpeech.wav(3), expected);
  }

  /// Sends what a line of the old runbook sends, with this file, and compares the answer.
  static void assertAnswer(RecordingGateway recordings, String line, byte[] file, String expected) {
    String path = PATH.matcher(line).results().findFirst().orElseThrow().group(1);
    Form form = new Form();
    for (MatchResult field : FORM_FIELD.matcher(line).results().toList()) {
      if (field.group(2).isEmpty()) {
        form.field(field.group(1), field.group(3));
      } else {
        form.file(field.group(1), field.group(3), file);
      }
    }

    HttpResponse<String> answer = recordings.post(path, form);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertContains(json(answer.body()), json(expected), "");
  }

  /// Every field of the expected object is in the found one.
  private static void assertContains(JsonNode found, JsonNode expected, String path) {
    for (Map.Entry<String, JsonNode> field : expected.properties()) {
      JsonNode value = found.path(field.getKey());
      if (field.getValue().isObject()) {
        assertContains(value, field.getValue(), path + "/" + field.getKey());
      } else {
        assertThat(value).as(path + "/" + field.getKey()).isEqualTo(field.getValue());
      }
    }
  }

  @Test
  void answer_hasWordsWithTimesAndSpeakers() {
    HttpResponse<String> answer =
        recordings.post(
            "/transcriptions/deepgram?diarize=true", Form.of("a.wav", NumberedSpeech.wav(6)));

    JsonNode body = json(answer.body());
    assertThat(body.path("duration_seconds").asDouble()).isEqualTo(6);
    assertThat(body.path("words").get(5).path("word").asString()).isEqualTo("w5");
    assertThat(body.path("words").get(5).path("start").asDouble()).isEqualTo(5.2);
    assertThat(body.path("words").get(5).path("end").asDouble()).isEqualTo(5.8);
    assertThat(body.path("words").get(5).path("speaker").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "txt  | text/plain;charset=UTF-8           | Speaker 2: w4 w5",
        "srt  | application/x-subrip;charset=UTF-8 | 00:00:04,200 --> 00:00:05,800",
        "vtt  | text/vtt;charset=UTF-8             | 00:00:04.200 --> 00:00:05.800 align:end",
        "json | application/json;charset=UTF-8     | \"transcribedMs\":6000",
      })
  void format_givesTheDocumentsOfLiveCalls(String format, String type, String part) {
    HttpResponse<String> answer =
        recordings.post(
            "/transcriptions/deepgram?diarize=true&format=" + format,
            Form.of("a.wav", NumberedSpeech.wav(6)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
    assertThat(answer.body()).contains(part);
  }

  /// 20 MB are 10 minutes and 25 seconds.
  @Test
  void longRecording_isCutAtSilence_andEverySecondIsTranscribedOnce() {
    int seconds = 1500;
    int before = recordings.whisper.requests();

    HttpResponse<String> answer =
        recordings.post("/transcriptions/whisper", Form.of("a.wav", NumberedSpeech.wav(seconds)));

    JsonNode body = json(answer.body());
    assertThat(body.path("processing_info").path("chunks_processed").asInt()).isEqualTo(3);
    assertThat(recordings.whisper.requests() - before).isEqualTo(3);
    String expected =
        IntStream.range(0, seconds).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    assertThat(body.path("transcript").asString()).isEqualTo(expected);
    List<JsonNode> words = body.path("words").valueStream().toList();
    assertThat(words).hasSize(seconds);
    for (int i = 0; i < seconds; i++) {
      assertThat(words.get(i).path("start").asDouble()).isEqualTo(i + 0.2);
    }
  }

  @Test
  void silence_givesAnEmptyTranscriptAndSaysSo() {
    HttpResponse<String> answer =
        recordings.post("/transcriptions/deepgram", Form.of("a.wav", NumberedSpeech.silence(2000)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer.body()).path("transcript").asString()).isEmpty();
    assertThat(json(answer.body()).path("message").asString())
        .isEqualTo("No speech was recognised in the recording.");
  }

  @ParameterizedTest
  @CsvSource({"transcripts:read, 403", "audio:write, 403"})
  void tokenWithoutScope_isRefused(String scope, int status) {
    String token =
        TestTokens.token(claims -> claims.claim("tenant_id", "acme").claim("scope", scope));
    Form form = Form.of("a.wav", NumberedSpeech.wav(1));

    HttpResponse<String> answer =
        recordings.gateway.send(
            recordings
                .gateway
                .request("/transcriptions/deepgram", token, "Content-Type", form.contentType())
                .POST(form.publisher()));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains("transcriptions:write");
    assertThat(answer.headers().firstValue("Connection")).hasValue("close");
  }

  @Test
  void services_areThoseWithAKey() {
    try (RecordingGateway other = new RecordingGateway(Map.of("OPENAI_API_KEY", ""))) {
      HttpResponse<String> answer = other.gateway.get("/transcriptions", RecordingGateway.TOKEN);

      JsonNode body = json(answer.body());
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(body.path("max_upload_bytes").asLong()).isEqualTo(100L << 20);
      assertThat(body.path("services").findValuesAsString("service"))
          .containsExactly("deepgram", "assemblyai");
      JsonNode deepgram = body.path("services").get(0);
      assertThat(deepgram.path("title").asString()).isEqualTo("Deepgram");
      assertThat(deepgram.path("separates_speakers").asBoolean()).isTrue();
      assertThat(deepgram.path("languages").valueStream().map(JsonNode::asString))
          .contains("auto", "multi", "en");
    }
  }

  @Test
  void unknownService_isNotFound() {
    assertThat(recordings.post("/transcriptions/other", Form.of("a.wav", new byte[1])).statusCode())
        .isEqualTo(404);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
