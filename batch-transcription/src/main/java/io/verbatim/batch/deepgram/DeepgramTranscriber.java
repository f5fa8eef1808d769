package io.verbatim.batch.deepgram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.deepgram.ListenAnswer.Alternative;
import io.verbatim.batch.deepgram.ListenAnswer.Channel;
import io.verbatim.batch.deepgram.ListenAnswer.Spoken;
import io.verbatim.batch.deepgram.ListenAnswer.Word;
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
import java.net.URLEncoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Transcribes recordings with Deepgram. The file is sent as it is.
public final class DeepgramTranscriber implements Transcriber {

  private final ProviderClient client;
  private final URI base;
  private final String key;
  private final Duration timeout;

  /// @param base scheme and host
  /// @param timeout for the upload and the transcription
  public DeepgramTranscriber(ProviderClient client, URI base, String key, Duration timeout) {
    this.client = client;
    this.base = base;
    this.key = key;
    this.timeout = timeout;
  }

  @Override
  public Transcription transcribe(
      Recording recording, TranscriptionOptions options, Progress progress)
      throws InterruptedException {
    ProviderCall call =
        new ProviderCall(
            Provider.DEEPGRAM.title(),
            Provider.DEEPGRAM.keySetting(),
            "POST",
            base.resolve("/v1/listen?" + query(options)),
            Map.of("Authorization", "Token " + key, "Content-Type", recording.format().mediaType()),
            () -> FileBody.of(recording.file()),
            timeout);
    ListenAnswer answer = client.send(call, ListenAnswer.class);
    progress.report(1, 1);
    return transcription(answer, recording, options);
  }

  private static String query(TranscriptionOptions options) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("model", options.model());
    if (options.detectsLanguage()) {
      parameters.put("detect_language", "true");
    } else {
      parameters.put("language", options.language());
    }
    parameters.put("smart_format", "true");
    parameters.put("utterances", "true");
    if (options.diarize()) {
      parameters.put("diarize", "true");
    }
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static Transcription transcription(
      ListenAnswer answer, Recording recording, TranscriptionOptions options) {
    if (answer.results() == null || answer.results().channels() == null) {
      throw new BatchException(
          FailureKind.UNAVAILABLE, "Deepgram sent an answer without a transcript.");
    }
    List<Channel> channels = answer.results().channels();
    List<Alternative> best =
        channels.stream()
            .map(Channel::alternatives)
            .filter(Objects::nonNull)
            .filter(alternatives -> !alternatives.isEmpty())
            .map(List::getFirst)
            .toList();
    @Nullable List<Spoken> spoken = answer.results().utterances();
    double seconds = answer.metadata() == null ? 0 : answer.metadata().duration();
    return new Transcription(
        best.stream().map(DeepgramTranscriber::text).collect(Collectors.joining("\n")).strip(),
        best.stream().mapToDouble(Alternative::confidence).average().orElse(0),
        options.model(),
        channels.stream()
            .map(Channel::detectedLanguage)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        recording.length().orElse(Duration.ofMillis(millis(seconds))),
        spoken == null ? List.of() : spoken.stream().map(DeepgramTranscriber::utterance).toList(),
        1);
  }

  private static String text(Alternative alternative) {
    return Objects.requireNonNullElse(alternative.transcript(), "");
  }

  private static Utterance utterance(Spoken spoken) {
    List<Word> words = Objects.requireNonNullElse(spoken.words(), List.of());
    return new Utterance(
        millis(spoken.start()),
        millis(spoken.end()),
        Objects.requireNonNullElse(spoken.transcript(), ""),
        spoken.confidence(),
        spoken.speaker(),
        words.stream().map(DeepgramTranscriber::word).toList());
  }

  private static SpokenWord word(Word word) {
    String text = word.punctuatedWord() == null ? word.word() : word.punctuatedWord();
    return new SpokenWord(
        Objects.requireNonNullElse(text, ""),
        millis(word.start()),
        millis(word.end()),
        word.confidence(),
        word.speaker());
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1000);
  }
}
