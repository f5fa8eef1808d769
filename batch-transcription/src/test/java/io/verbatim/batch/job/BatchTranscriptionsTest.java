package io.verbatim.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.batch.media.WavAudio;
import io.verbatim.batch.provider.Provider;
import io.verbatim.testkit.providers.DeepgramRecordings;
import io.verbatim.testkit.providers.NumberedSpeech;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTranscriptionsTest {

  private static final int RATE_HZ = 48_000;
  private static final long LONG_BYTES = 500_000_000;

  @TempDir Path directory = Path.of("");

  private BatchSettings settings(URI provider) {
    Optional<Account> account = Optional.of(new Account(provider, "key"));
    return new BatchSettings(
        directory,
        1,
        LONG_BYTES,
        0,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        "",
        account,
        account,
        Optional.empty());
  }

  private static TranscriptionRequest request(Provider provider) {
    return new TranscriptionRequest(List.of(provider), false, "en", false, Optional.empty());
  }

  @Test
  void defectOfListener_leavesNoWaitingClientAndNoUsedSlot() throws Exception {
    try (DeepgramRecordings deepgram = new DeepgramRecordings("key");
        BatchTranscriptions batch =
            BatchTranscriptions.open(
                settings(deepgram.url()),
                (_, _) -> {
                  throw new IllegalStateException("a defect");
                })) {
      Workspace workspace = batch.acquire(0);
      try (Upload upload = workspace.upload()) {
        upload.write(ByteBuffer.wrap(NumberedSpeech.wav(2)));
      }

      TranscriptionTask task = batch.start(workspace, request(Provider.DEEPGRAM), "acme");

      TranscriptionResult result = task.result().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(result.transcription().text()).isEqualTo("w0 w1");
      assertThat(batch.used()).isZero();
    }
  }

  /// Silence is searched in the file for longer than the start of the close takes.
  @Test
  void jobThatReadsItsFile_isSuspendedByClose() throws IOException {
    Path recording;
    Workspace workspace;
    try (BatchTranscriptions batch =
        BatchTranscriptions.open(settings(URI.create("http://127.0.0.1:1")), (_, _) -> {})) {
      workspace = batch.acquire(0);
      workspace.upload().close();
      recording = workspace.recording();
      try (RandomAccessFile file = new RandomAccessFile(recording.toFile(), "rw")) {
        file.write(new WavAudio(1, 1, RATE_HZ, 16, 0, 0).header(LONG_BYTES));
        file.setLength(LONG_BYTES);
      }
      batch.startJob(workspace, request(Provider.WHISPER), "acme");
    }

    assertThat(recording).exists();
    assertThat(workspace.hasOutcome()).isFalse();
  }
}
