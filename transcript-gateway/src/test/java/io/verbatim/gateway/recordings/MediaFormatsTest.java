package io.verbatim.gateway.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Recordings in the formats that are read by ffmpeg. Needs ffmpeg and ffprobe.
@Tag("ffmpeg")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MediaFormatsTest {
  private final RecordingGateway recordings =
      new RecordingGateway(Map.of("REQUESTS_PER_SECOND", "1000"));

  @AfterAll
  void close() {
    recordings.close();
  }

  /// The line of the previous system's runbook for videos.
  @Test
  void videoLineOfOldRunbook_givesItsShape() {
    TranscriptionsTest.assertAnswer(
        recordings,
        "curl -X POST http://localhost:8000/transcriptions/video -H 'Authorization: Bearer $TOKEN'"
            + " -F 'audio=@sample.mov' -F 'language=en'",
        Media.of("mov", 3, "-c:a", "copy"),
        "{\"transcript\":\"w0 w1 w2\",\"processing_info\":{\"service\":\"whisper\","
            + "\"model_used\":\"whisper-1\",\"language_requested\":\"en\","
            + "\"diarization_enabled\":false}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mp3  | -q:a 2",
        "m4a  | -c:a aac",
        "flac | -c:a flac",
        "ogg  | -c:a vorbis -strict experimental -ac 2",
        "webm | -c:a libopus",
        "mp4  | -c:a aac",
      })
  void audioFormat_isAcceptedByItsBytes(String format, String options) {
    byte[] file = Media.of(format, 2, options.split(" ", -1));

    HttpResponse<String> answer =
        recordings.post("/transcriptions/deepgram", Form.of("recording.bin", file));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer.body()).path("duration_seconds").asDouble()).isBetween(1.9, 2.2);
  }

  @ParameterizedTest
  @CsvSource({"mov", "mkv"})
  void video_isTranscribedFromItsAudioTrack(String format) {
    byte[] video =
        Media.of(
            format, 3, "-f", "lavfi", "-i", "color=size=64x64:rate=5:duration=3", "-c:a", "copy");

    HttpResponse<String> answer =
        recordings.post("/transcriptions/video", Form.of("film." + format, video));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer.body()).path("transcript").asString()).isEqualTo("w0 w1 w2");
    assertThat(recordings.folders()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mkv    | The file's format is not supported. Use wav, mp3, m4a, flac, ogg, webm, mp4.",
        "broken | The recording cannot be read: ",
        "stills | The recording contains no audio.",
      })
  void recordingWithoutReadableAudio_isRefusedWith415(String file, String sentence) {
    HttpResponse<String> answer =
        recordings.post("/transcriptions/deepgram", Form.of("a.wav", file(file)));

    assertThat(json(answer.body()).path("error").asString())
        .startsWith("Deepgram transcription failed: " + sentence)
        .doesNotContain(recordings.directory.toString());
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(recordings.folders()).isEmpty();
  }

  private static byte[] file(String name) {
    return switch (name) {
      case "mkv" -> Media.of("mkv", 1, "-c:a", "copy");
      case "broken" -> Arrays.copyOf(Media.of("flac", 2), 30);
      default ->
          Media.of("mp4", 1, "-f", "lavfi", "-i", "color=size=64x64:duration=1", "-map", "1:v");
    };
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
