package io.verbatim.batch.openai;

import io.verbatim.batch.media.MediaFormat;
import io.verbatim.batch.media.Recording;
import io.verbatim.batch.media.RecordingReader;
import io.verbatim.batch.media.SilenceCutter;
import io.verbatim.batch.media.SilenceCutter.Part;
import io.verbatim.batch.media.WavAudio;
import io.verbatim.batch.provider.MultipartBody;
import io.verbatim.batch.provider.Provider;
import io.verbatim.batch.provider.ProviderCall;
import io.verbatim.batch.provider.ProviderClient;
import io.verbatim.batch.provider.Transcriber;
import io.verbatim.batch.provider.TranscriptionOptions;
import io.verbatim.batch.transcript.Transcription;
import io.verbatim.batch.transcript.Utterance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Transcribes recordings with OpenAI's Whisper, in parts of at most 20 MB. Does not tell speakers
/// apart.
public final class WhisperTranscriber implements Transcriber {

  private static final long MAX_PART_BYTES = 20_000_000;

  private final ProviderClient client;
  private final RecordingReader reader;
  private final URI base;
  private final String key;
  private final Duration timeout;

  /// @param base scheme and host
  /// @param timeout for the upload and the transcription of one part
  public WhisperTranscriber(
      ProviderClient client, RecordingReader reader, URI base, String key, Duration timeout) {
    this.client = client;
    this.reader = reader;
    this.base = base;
    this.key = key;
    this.timeout = timeout;
  }

  @Override
  public Transcription transcribe(
      Recording recording, TranscriptionOptions options, Progress progress)
      throws IOException, InterruptedException {
    if (recording.bytes() <= MAX_PART_BYTES) {
      VerboseAnswer answer = send(recording.format(), file(recording), options);
      progress.report(1, 1);
      return joined(List.of(new Answer(answer, 0)), recording, options);
    }
    Recording pcm = reader.asPcm(recording);
    WavAudio wav = pcm.wav().orElseThrow();
    List<Part> parts = SilenceCutter.cut(pcm.file(), wav, MAX_PART_BYTES);
    List<Answer> answers = new ArrayList<>();
    for (Part part : parts) {
      VerboseAnswer answer = send(MediaFormat.WAV, content(pcm, wav, part), options);
      answers.add(new Answer(answer, wav.toMillis(part.start())));
      progress.report(answers.size(), parts.size());
    }
    return joined(answers, pcm, options);
  }

  /// An answer and the start of its part.
  private record Answer(VerboseAnswer verbose, long offsetMs) {}

  /// Opens the content again for each try.
  @FunctionalInterface
  private interface Content {
    BodyPublisher open();
  }

  private static Content file(Recording recording) {
    return () -> new FilePart(recording.file(), 0, recording.bytes()).publisher();
  }

  private static Content content(Recording pcm, WavAudio wav, Part part) {
    FilePart samples = new FilePart(pcm.file(), wav.dataStart() + part.start(), part.bytes());
    return () ->
        BodyPublishers.concat(
            BodyPublishers.ofByteArray(wav.header(part.bytes())), samples.publisher());
  }

  private VerboseAnswer send(MediaFormat format, Content content, TranscriptionOptions options)
      throws InterruptedException {
    MultipartBody body =
        new MultipartBody()
            .field("model", options.model())
            .field("response_format", "verbose_json")
            .field("timestamp_granularities[]", "word")
            .field("timestamp_granularities[]", "segment");
    if (!options.detectsLanguage()) {
      body.field("language", options.language());
    }
    ProviderCall call =
        new ProviderCall(
            Provider.WHISPER.title(),
            Provider.WHISPER.keySetting(),
            "POST",
            base.resolve("/v1/audio/transcriptions"),
            Map.of("Authorization", "Bearer " + key, "Content-Type", body.contentType()),
            () ->
                body.withFile(
                    "file", "recording." + format.extension(), format.mediaType(), content.open()),
            timeout);
    return client.send(call, VerboseAnswer.class);
  }

  private static Transcription joined(
      List<Answer> answers, Recording recording, TranscriptionOptions options) {
    List<Utterance> utterances = new ArrayList<>();
    StringJoiner text = new StringJoiner(" ");
    for (Answer answer : answers) {
      utterances.addAll(WhisperPart.utterances(answer.verbose(), answer.offsetMs()));
      String part = Objects.requireNonNullElse(answer.verbose().text(), "").strip();
      if (!part.isEmpty()) {
        text.add(part);
      }
    }
    VerboseAnswer first = answers.getFirst().verbose();
    @Nullable String language = first.language();
    return new Transcription(
        text.toString(),
        utterances.stream().mapToDouble(Utterance::confidence).average().orElse(0),
        options.model(),
        language,
        recording.length().orElse(Duration.ofMillis(Math.round(first.duration() * 1000))),
        utterances,
        answers.size());
  }
}
