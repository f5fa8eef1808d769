package io.verbatim.batch.assemblyai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.assemblyai.TranscriptAnswer.Word;
import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.media.Recording;
import io.verbatim.batch.provider.FileBody;
import io.verbatim.batch.provider.Provider;
import io.verbatim.batch.provider.ProviderCall;
import io.verbatim.batch.provider.ProviderClient;
import io.verbatim.batch.provider.Transcriber;
import io.verbatim.batch.provider.TranscriptionOptions;
import io.verbatim.batch.transcript.SpokenWord;
import io.verbatim.batch.transcript.Transcription;
import io.verbatim.batch.transcript.Utterance;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Transcribes recordings with AssemblyAI. The file is sent as it is.
public final class AssemblyAiTranscriber implements Transcriber {

  private static final String TITLE = Provider.ASSEMBLYAI.title();
  private static final int SPEAKERS = 26;

  private final ProviderClient client;
  private final URI base;
  private final String key;
  private final Duration timeout;
  private final Duration pollInterval;

  /// @param base scheme and host
  /// @param timeout of the upload, and of the time from the upload to the transcript
  /// @param pollInterval between two questions for the transcript
  public AssemblyAiTranscriber(
      ProviderClient client, URI base, String key, Duration timeout, Duration pollInterval) {
    this.client = client;
    this.base = base;
    this.key = key;
    this.timeout = timeout;
    this.pollInterval = pollInterval;
  }

  @Override
  public Transcription transcribe(
      Recording recording, TranscriptionOptions options, Progress progress)
      throws InterruptedException {
    ProviderCall upload =
        post("/v2/upload", "application/octet-stream", () -> FileBody.of(recording.file()));
    String address =
        present(client.send(upload, UploadAnswer.class).uploadUrl(), "the address of the upload");
    byte[] request = request(address, options);
    ProviderCall create =
        post("/v2/transcript", "application/json", () -> BodyPublishers.ofByteArray(request));
    TranscriptAnswer created = client.send(create, TranscriptAnswer.class);
    String id = present(created.id(), "an id");
    if (!id.matches("[A-Za-z0-9-]{1,64}")) {
      throw unusable("a valid id");
    }
    TranscriptAnswer done = await(create.get(base.resolve("/v2/transcript/" + id)));
    progress.report(1, 1);
    return transcription(done, recording, options);
  }

  private ProviderCall post(String path, String contentType, Supplier<BodyPublisher> body) {
    return new ProviderCall(
        TITLE,
        Provider.ASSEMBLYAI.keySetting(),
        "POST",
        base.resolve(path),
        Map.of("Authorization", key, "Content-Type", contentType),
        body,
        timeout);
  }

  private static byte[] request(String address, TranscriptionOptions options) {
    ObjectNode request = JsonMapper.shared().createObjectNode();
    request.put("audio_url", address);
    request.putArray("speech_models").add(options.model());
    request.put("speaker_labels", options.diarize());
    if (options.detectsLanguage()) {
      request.put("language_detection", true);
    } else {
      request.put("language_code", options.language());
    }
    return request.toString().getBytes(UTF_8);
  }

  /// Asks until the transcript is complete.
  private TranscriptAnswer await(ProviderCall question) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() - deadline < 0) {
      TranscriptAnswer answer = client.send(question, TranscriptAnswer.class);
      switch (Objects.requireNonNullElse(answer.status(), "")) {
        case "completed" -> {
          return answer;
        }
        case "error" ->
            throw new BatchException(
                FailureKind.REJECTED,
                "AssemblyAI rejected the recording: "
                    + BatchException.quoted(
                        Objects.requireNonNullElse(answer.error(), "no reason")));
        case "queued", "processing" -> client.pause(pollInterval);
        default -> throw unusable("a known status");
      }
    }
    throw new BatchException(
        FailureKind.TIMEOUT,
        "AssemblyAI did not finish within %d s.".formatted(timeout.toSeconds()));
  }

  private static String present(@Nullable String value, String name) {
    if (value == null || value.isEmpty()) {
      throw unusable(name);
    }
    return value;
  }

  private static BatchException unusable(String missing) {
    return new BatchException(
        FailureKind.UNAVAILABLE, "AssemblyAI sent an answer without %s.".formatted(missing));
  }

  private static Transcription transcription(
      TranscriptAnswer answer, Recording recording, TranscriptionOptions options) {
    List<Word> words = Objects.requireNonNullElse(answer.words(), List.of());
    double seconds = Objects.requireNonNullElse(answer.audioDuration(), 0.0);
    return new Transcription(
        Objects.requireNonNullElse(answer.text(), "").strip(),
        Objects.requireNonNullElse(answer.confidence(), 0.0),
        options.model(),
        answer.languageCode(),
        recording.length().orElse(Duration.ofMillis(Math.round(seconds * 1000))),
        Utterance.of(words.stream().map(AssemblyAiTranscriber::word).toList()),
        1);
  }

  private static SpokenWord word(Word word) {
    return new SpokenWord(
        Objects.requireNonNullElse(word.text(), ""),
        word.start(),
        word.end(),
        word.confidence(),
        speaker(word.speaker()));
  }

  /// `A` is 0.
  private static @Nullable Integer speaker(@Nullable String letter) {
    int number = letter == null || letter.length() != 1 ? -1 : letter.charAt(0) - 'A';
    return number >= 0 && number < SPEAKERS ? number : null;
  }
}
