package io.verbatim.gateway.recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.testkit.providers.NumberedSpeech;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/// Recordings whose clients do not wait.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobsTest {

  private static final String PATH = "/transcriptions/deepgram";
  private static final Form SPEECH = Form.of("a.wav", NumberedSpeech.wav(2));

  private final RecordingGateway recordings = new RecordingGateway(Map.of());

  @AfterAll
  void close() {
    recordings.close();
  }

  private static HttpResponse<String> begin(RecordingGateway on) {
    HttpRequest.Builder request =
        on.request(PATH, SPEECH).header("Prefer", "respond-async, wait=0");
    HttpResponse<String> answer = on.gateway.send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return answer;
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static HttpResponse<String> get(RecordingGateway on, String job) {
    return on.gateway.get(job, RecordingGateway.TOKEN);
  }

  private static void awaitTranscript(RecordingGateway on, String job) {
    await().until(() -> get(on, job).body().contains("\"transcript\""));
    assertThat(JsonMapper.shared().readTree(get(on, job).body()).path("transcript").asString())
        .isEqualTo("w0 w1");
  }

  @Test
  void requestThatPrefersIt_isAnswered202_andItsTranscriptLater() {
    recordings.deepgram.answerNext(503, ""); // The second try comes later.

    HttpResponse<String> accepted = begin(recordings);
    String job = location(accepted);

    assertThat(accepted.body()).contains("\"state\":\"running\"");
    awaitTranscript(recordings, job);
    assertThat(get(recordings, job + "?format=srt").body()).contains("-->");
    await().until(() -> recordings.used() == 0);
    delete(recordings, job);
    assertThat(recordings.folders()).isEmpty();
  }

  @Test
  void fastRequest_isAnsweredAtOnce_andLeavesNoJob() {
    HttpResponse<String> answer =
        recordings.gateway.send(recordings.request(PATH, SPEECH).header("Prefer", "respond-async"));

    assertThat(answer.statusCode()).isEqualTo(200);
    await().until(() -> recordings.folders().isEmpty());
  }

  @Test
  void progress_isStreamedUntilTheEnd() {
    recordings.deepgram.answerNext(503, "");
    String job = location(begin(recordings));

    HttpResponse<String> stream =
        recordings.gateway.get(job, RecordingGateway.TOKEN, "Accept", "text/event-stream");

    assertThat(stream.body()).contains("event:over").contains("\"total_chunks\":1");
    delete(recordings, job);
  }

  @Test
  void failedJob_answersItsFailure() {
    recordings.deepgram.answerNext(503, "");
    recordings.deepgram.answerNext(402, "");
    String job = location(begin(recordings));

    await().until(() -> get(recordings, job).statusCode() == 502);
    assertThat(get(recordings, job).body())
        .contains("Deepgram transcription failed: Deepgram reports that the quota is used up.");
    delete(recordings, job);
  }

  @Test
  void otherTenant_doesNotSeeTheJob() {
    recordings.deepgram.answerNext(503, "");
    String job = location(begin(recordings));
    String other =
        TestTokens.token(
            claims -> claims.claim("tenant_id", "globex").claim("scope", "transcriptions:write"));

    assertThat(recordings.gateway.get(job, other).statusCode()).isEqualTo(404);
    awaitTranscript(recordings, job);
    delete(recordings, job);
  }

  @Test
  void deletedJob_endsItsWork() {
    recordings.deepgram.stallNext();
    String job = location(begin(recordings));

    delete(recordings, job);

    await().until(() -> recordings.used() == 0 && recordings.folders().isEmpty());
  }

  @Test
  void restart_resumesJobsAndKeepsAnswers() throws IOException {
    Path directory = Files.createTempDirectory("jobs");
    Map<String, Object> settings = Map.of("BATCH_DIRECTORY", directory.toString());
    String running;
    String over;
    try (RecordingGateway first = new RecordingGateway(settings)) {
      first.deepgram.answerNext(503, "");
      over = location(begin(first));
      awaitTranscript(first, over);
      first.deepgram.stallNext();
      int before = first.deepgram.requests();
      running = location(begin(first));
      await().until(() -> first.deepgram.requests() > before);
    }
    try (RecordingGateway second = new RecordingGateway(settings)) {
      awaitTranscript(second, running);
      awaitTranscript(second, over);
      delete(second, running);
      delete(second, over);
    }
    assertThat(directory).isEmptyDirectory();
    Files.delete(directory);
  }

  private static void delete(RecordingGateway on, String job) {
    assertThat(
            on.gateway.send(on.gateway.request(job, RecordingGateway.TOKEN).DELETE()).statusCode())
        .isEqualTo(204);
    assertThat(get(on, job).statusCode()).isEqualTo(404);
  }
}
