package io.verbatim.gateway.recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.testkit.providers.NumberedSpeech;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every way in which a recording can fail, each with its status and its sentence. No failure
/// leaves a file or a used slot.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranscriptionFailuresTest {

  private static final byte[] SPEECH = NumberedSpeech.wav(2);
  private static final String DEEPGRAM = "/transcriptions/deepgram";

  private final RecordingGateway recordings =
      new RecordingGateway(
          Map.of(
              "MAX_UPLOAD", "1MB",
              "PROVIDER_TIMEOUT", "2s",
              "REQUEST_TIMEOUT", "1s",
              "REQUESTS_PER_SECOND", "1000"));

  /// Without any key.
  private final RecordingGateway inactive =
      new RecordingGateway(
          Map.of("OPENAI_API_KEY", "", "DEEPGRAM_API_KEY", "", "ASSEMBLYAI_API_KEY", ""));

  @AfterAll
  void close() {
    recordings.close();
    inactive.close();
  }

  @AfterEach
  void nothingIsLeft() {
    await().until(() -> recordings.used() == 0 && recordings.folders().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deepgram   | Deepgram transcription failed: DEEPGRAM_API_KEY is not set on this gateway.",
        "whisper    | Whisper transcription failed: OPENAI_API_KEY is not set on this gateway.",
        "video      | Video transcription failed: OPENAI_API_KEY is not set on this gateway.",
        "assemblyai | AssemblyAI transcription failed: ASSEMBLYAI_API_KEY is not set on this"
            + " gateway.",
      })
  void missingKey_isNamed(String service, String sentence) {
    HttpResponse<String> answer =
        inactive.post("/transcriptions/" + service, Form.of("a.wav", SPEECH));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(error(answer)).isEqualTo(sentence);
    assertThat(inactive.directory).isEmptyDirectory();
  }

  /// `file` is a name of [#file].
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "speech    | language=xx      | 400 | language \"xx\" is invalid. Use one of the languages"
            + " of Deepgram: auto, multi, bg, ca, ",
        "speech    | diarize=maybe    | 400 | diarize \"maybe\" is invalid. Use true or false.",
        "speech    | model=../etc     | 400 | model \"../etc\" is invalid. Use 1 to 64 letters,",
        "speech    | model=nova-9     | 400 | Deepgram rejected the request: No such"
            + " model/language/tier combination found.",
        "speech    | fallback=google  | 400 | fallback \"google\" is invalid. Use one of deepgram,"
            + " whisper, assemblyai.",
        "short     | language=en      | 400 | The recording is 400 ms long. Use at least 500 ms.",
        "empty     | language=en      | 400 | The file is empty.",
        "large     | language=en      | 413 | The upload is larger than 1048576 bytes. Split the"
            + " recording, or ask the operator to raise MAX_UPLOAD.",
        "text      | language=en      | 415 | The file's format is not supported. Use wav, mp3,"
            + " m4a, flac, ogg, webm, mp4.",
        "playlist  | language=en      | 415 | The file's format is not supported.",
        "wavheader | language=en      | 415 | The recording is not a readable WAV file: it has no"
            + " samples.",
      })
  void recordingThatCannotBeTranscribed_isRefused(
      String file, String field, int status, String sentence) throws IOException {
    String[] nameAndValue = field.split("=", 2);
    Form form = Form.of("a.wav", file(file)).field(nameAndValue[0], nameAndValue[1]);

    HttpResponse<String> answer = recordings.post(DEEPGRAM, form);

    assertThat(error(answer)).startsWith("Deepgram transcription failed: " + sentence);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(error(answer)).doesNotContain(recordings.directory.toString());
  }

  private static byte[] file(String name) {
    return switch (name) {
      case "short" -> NumberedSpeech.silence(400);
      case "empty" -> new byte[0];
      case "large" -> NumberedSpeech.wav(40);
      case "text" -> "not a recording".getBytes(StandardCharsets.UTF_8);
      case "playlist" -> "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n".getBytes(StandardCharsets.UTF_8);
      case "wavheader" -> Arrays.copyOf(SPEECH, 36);
      default -> SPEECH;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | {\"err_code\":\"INVALID_AUTH\",\"err_msg\":\"Invalid credentials.\"} | 502 |"
            + " Deepgram refused the key in DEEPGRAM_API_KEY.",
        "402 | {\"err_code\":\"ASR_PAYMENT_REQUIRED\",\"err_msg\":\"Project has no credits.\"} |"
            + " 502 | Deepgram reports that the quota is used up.",
        "400 | {\"err_msg\":\"failed to process audio: corrupt or unsupported data\"} | 400 |"
            + " Deepgram rejected the request: failed to process audio: corrupt or unsupported"
            + " data",
        "404 | <html> | 400 | Deepgram rejected the request: status 404",
        "504 | {} | 504 | Deepgram needed too long for the request.",
        "200 | {\"results\":{}} | 502 | Deepgram sent an answer without a transcript.",
      })
  void refusalOfProvider_isReported(int given, String body, int status, String sentence) {
    recordings.deepgram.answerNext(given, body);

    HttpResponse<String> answer = recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH));

    assertThat(error(answer)).isEqualTo("Deepgram transcription failed: " + sentence);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("dg-key");
  }

  @Test
  void failureOfProvider_isTriedAgain() {
    int before = recordings.deepgram.requests();
    recordings.deepgram.answerNext(503, "");
    recordings.deepgram.answerNext(429, "", "Retry-After", "1");

    HttpResponse<String> answer = recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(recordings.deepgram.requests() - before).isEqualTo(3);
  }

  @Test
  void rateLimitWithLongDelay_isPassedOn() {
    recordings.deepgram.answerNext(429, "", "Retry-After", "90");

    HttpResponse<String> answer = recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("90");
    assertThat(error(answer))
        .isEqualTo(
            "Deepgram transcription failed: Deepgram accepts no more requests at the moment.");
  }

  @Test
  void slowProvider_isATimeout() {
    recordings.deepgram.stallNext();

    HttpResponse<String> answer = recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH));

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(error(answer))
        .isEqualTo("Deepgram transcription failed: Deepgram did not answer within 2 s.");
  }

  @Test
  void assemblyAiThatRejectsTheRecording_isReported() {
    recordings.assemblyAi.answerNext(200, "{\"upload_url\":\"https://cdn.example/1\"}");
    recordings.assemblyAi.answerNext(200, "{\"id\":\"1\",\"status\":\"queued\"}");
    recordings.assemblyAi.answerNext(
        200, "{\"id\":\"1\",\"status\":\"error\",\"error\":\"Transcoding failed.\"}");

    HttpResponse<String> answer =
        recordings.post("/transcriptions/assemblyai", Form.of("a.wav", SPEECH));

    assertThat(error(answer))
        .isEqualTo(
            "AssemblyAI transcription failed: AssemblyAI rejected the recording: Transcoding"
                + " failed.");
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {402, 504})
  void fallback_transcribesAndNamesWhoFailed(int status) {
    recordings.deepgram.answerNext(status, "");

    HttpResponse<String> answer =
        recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH).field("fallback", "whisper"));

    JsonNode info = JsonMapper.shared().readTree(answer.body()).path("processing_info");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(info.path("service").asString()).isEqualTo("whisper");
    assertThat(info.path("model_used").asString()).isEqualTo("whisper-1");
    assertThat(info.path("failed_services").get(0).path("service").asString())
        .isEqualTo("deepgram");
  }

  @Test
  void fallback_isNotUsedForARecordingThatIsRejected() {
    recordings.deepgram.answerNext(400, "{\"err_msg\":\"corrupt\"}");

    HttpResponse<String> answer =
        recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH).field("fallback", "whisper"));

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void fullDisk_isReported() {
    try (RecordingGateway other = new RecordingGateway(Map.of("BATCH_MIN_FREE", "1000000GB"))) {
      HttpResponse<String> answer = other.post(DEEPGRAM, Form.of("a.wav", SPEECH));

      assertThat(answer.statusCode()).isEqualTo(507);
      assertThat(error(answer))
          .isEqualTo(
              "Deepgram transcription failed: The gateway's disk has no room for the recording. Try"
                  + " again later.");
    }
  }

  @Test
  void missingFile_isReported() {
    HttpResponse<String> answer = recordings.post(DEEPGRAM, new Form().field("language", "en"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer)).contains("The field audio is missing.");
  }

  @Test
  void stalledUpload_isRefused() throws IOException {
    try (Socket client = upload(1000)) {
      client.setSoTimeout(10_000);
      String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 408").contains("No data arrived for 1 s.");
    }
  }

  @Test
  void slowUpload_isRefused() throws IOException {
    try (Socket client = upload(1000)) {
      InputStream in = client.getInputStream();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      await()
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            answer.writeBytes(in.readNBytes(in.available()));
            if (answer.size() == 0) {
              client.getOutputStream().write(0);
            }
            return answer.toString(StandardCharsets.UTF_8).contains("}");
          });

      assertThat(answer.toString(StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 408")
          .contains("The upload is too slow. Send at least 16384 bytes per second.");
    }
  }

  @Test
  void otherFiles_countTowardsTheSizeOfAnUploadOfUnknownLength() {
    Form form =
        Form.of("a.wav", SPEECH).file("other", "b.bin", new byte[1024 * 1024 - SPEECH.length]);

    HttpResponse<String> answer =
        recordings.gateway.send(
            recordings
                .request(DEEPGRAM, form)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form.bytes()))));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(error(answer)).contains("The upload is larger than 1048576 bytes.");
  }

  @Test
  void requestAboveLimit_isBusy() throws IOException {
    try (Socket first = upload(100);
        Socket second = upload(100)) {
      await().until(() -> recordings.used() == 2);

      HttpResponse<String> answer = recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(error(answer)).contains("which is its limit (BATCH_MAX)");
      assertThat(first.isConnected() && second.isConnected()).isTrue();
    }
    await().until(() -> recordings.used() == 0);
    assertThat(recordings.gateway.metrics())
        .contains("verbatim_gateway_recordings_total{outcome=\"busy\",service=\"deepgram\"} 1.0");
  }

  @Test
  void clientsThatBreakOff_leaveNoFileNoProcessAndNoSlot() throws IOException {
    for (int client = 0; client < 100; client++) {
      int sent = ThreadLocalRandom.current().nextInt(SPEECH.length);
      upload(sent).close();
    }

    await().until(() -> recordings.post(DEEPGRAM, Form.of("a.wav", SPEECH)).statusCode() == 200);
    await().until(() -> recordings.used() == 0 && recordings.folders().isEmpty());
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void clientThatLeavesDuringTranscription_cancelsIt() throws IOException {
    recordings.deepgram.stallNext();
    int before = recordings.deepgram.requests();
    try (Socket client = upload(SPEECH.length)) {
      await().until(() -> recordings.deepgram.requests() > before);
      assertThat(client.isConnected()).isTrue();
    }

    await().until(() -> recordings.used() == 0 && recordings.folders().isEmpty());
  }

  @Test
  void restart_deletesWhatACrashLeft_andUnreachableProviderIsReported() throws IOException {
    Path directory = Files.createTempDirectory("crashed");
    Path folder = Files.createDirectories(directory.resolve("process").resolve("upload"));
    Files.writeString(directory.resolve("process").resolve("lock"), "");
    Files.write(folder.resolve("recording"), SPEECH);
    Map<String, Object> settings =
        Map.of("BATCH_DIRECTORY", directory.toString(), "DEEPGRAM_URL", "http://127.0.0.1:1");
    try (RecordingGateway other = new RecordingGateway(settings)) {
      assertThat(folder).doesNotExist();

      HttpResponse<String> answer = other.post(DEEPGRAM, Form.of("a.wav", SPEECH));

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(error(answer)).contains("Deepgram cannot be reached: the connection was refused.");
    }
    assertThat(directory).isEmptyDirectory();
    Files.delete(directory);
  }

  /// Sends the head of an upload and a part of its file, or the whole upload.
  private Socket upload(int sent) throws IOException {
    Form form = Form.of("a.wav", SPEECH);
    byte[] body = form.bytes();
    int head = body.length - SPEECH.length - 100;
    String request =
        String.join(
            "\r\n",
            "POST " + DEEPGRAM + " HTTP/1.1",
            "Host: localhost",
            "Authorization: Bearer " + RecordingGateway.TOKEN,
            "Content-Type: " + form.contentType(),
            "Content-Length: " + body.length,
            "",
            "");
    Socket client = new Socket(InetAddress.getLoopbackAddress(), recordings.gateway.port());
    OutputStream out = client.getOutputStream();
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.write(body, 0, sent == SPEECH.length ? body.length : head + sent);
    out.flush();
    return client;
  }

  private static String error(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body()).path("error").asString();
  }
}
