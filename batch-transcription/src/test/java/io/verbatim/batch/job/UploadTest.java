package io.verbatim.batch.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {

  @TempDir Path directory = Path.of("");

  @Test
  void bytes_areAppended() throws IOException {
    Path file = directory.resolve("a");
    try (Upload upload = new Upload(file, 5)) {
      upload.write(ByteBuffer.wrap(new byte[] {1, 2}));
      upload.write(ByteBuffer.wrap(new byte[] {3, 4, 5}));
    }

    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3, 4, 5});
  }

  @Test
  void byteAboveLimit_isRefusedAndNotWritten() throws IOException {
    Path file = directory.resolve("a");
    try (Upload upload = new Upload(file, 2)) {
      BatchException failure =
          catchThrowableOfType(
              BatchException.class, () -> upload.write(ByteBuffer.wrap(new byte[3])));

      assertThat(failure.kind()).isEqualTo(FailureKind.TOO_LARGE);
    }
    assertThat(Files.size(file)).isZero();
  }

  /// The device answers every write with "No space left on device".
  @Test
  void fullDisk_isRecognised() throws IOException {
    try (Upload upload = new Upload(Path.of("/dev/full"), 100)) {
      BatchException failure =
          catchThrowableOfType(
              BatchException.class, () -> upload.write(ByteBuffer.wrap(new byte[3])));

      assertThat(failure.kind()).isEqualTo(FailureKind.DISK_FULL);
    }
  }
}
