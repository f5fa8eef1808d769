package io.verbatim.gateway.recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.TestDatabase;
import io.verbatim.testkit.providers.NumberedSpeech;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Recordings in the usage of their tenant.
class RecordingUsageTest {

  private static final Form SPEECH = Form.of("a.wav", NumberedSpeech.wav(2));

  @Test
  void eachTranscribedRecording_isCountedOnceByProvider() {
    try (TestDatabase database = TestDatabase.h2();
        RecordingGateway recordings =
            new RecordingGateway(Map.of("DATABASE_URL", database.url()))) {
      assertThat(recordings.post("/transcriptions/deepgram", SPEECH).statusCode()).isEqualTo(200);
      recordings.deepgram.answerNext(402, "");
      assertThat(recordings.post("/transcriptions/deepgram", SPEECH).statusCode()).isEqualTo(502);
      assertThat(recordings.post("/transcriptions/whisper", SPEECH).statusCode()).isEqualTo(200);
      HttpResponse<String> job =
          recordings.gateway.send(
              recordings
                  .request("/transcriptions/deepgram", SPEECH)
                  .header("Prefer", "respond-async, wait=0"));
      assertThat(job.statusCode()).isEqualTo(202);
      String path = job.headers().firstValue("Location").orElseThrow();
      await()
          .until(() ->
              recordings
                  .gateway
                  .get(path, RecordingGateway.TOKEN)
                  .body()
                  .contains("\"transcript\""));
      for (int read = 0; read < 3; read++) {
        recordings.gateway.get(path, RecordingGateway.TOKEN);
      }

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(rows(recordings)).containsExactly("acme,deepgram,2", "acme,whisper,1"));
      recordings.gateway.send(recordings.gateway.request(path, RecordingGateway.TOKEN).DELETE());
    }
  }

  /// The tenant, the kind and the number of recordings of each row.
  private static List<String> rows(RecordingGateway recordings) {
    return recordings
        .gateway
        .get("/v1/usage?format=csv", TestTokens.operator())
        .body()
        .lines()
        .skip(1)
        .map(line -> line.replace("\"", "").split(",", -1))
        .map(fields -> fields[1] + "," + fields[2] + "," + fields[11])
        .toList();
  }
}
