package io.verbatim.batch.job;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file of an upload while it arrives. Not thread-safe; blocks.
public final class Upload implements AutoCloseable {

  private final FileChannel file;
  private final long maxBytes;
  private long written;

  /// Opens a file for writing.
  ///
  /// @param maxBytes the file's limit
  Upload(Path file, long maxBytes) throws IOException {
    this.file = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    this.maxBytes = maxBytes;
  }

  /// Appends bytes.
  ///
  /// @throws BatchException if the file is larger than allowed, or the disk is full
  public void write(ByteBuffer bytes) {
    written += bytes.remaining();
    if (written > maxBytes) {
      throw tooLarge(maxBytes);
    }
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException failure) {
      throw isDiskFull(failure) ? diskFull() : stopped();
    }
  }

  /// The failure of a request with too many bytes.
  public static BatchException tooLarge(long maxBytes) {
    return new BatchException(
        FailureKind.TOO_LARGE,
        "The upload is larger than %d bytes. Split the recording, or ask the operator to raise"
                .formatted(maxBytes)
            + " MAX_UPLOAD.");
  }

  static BatchException diskFull() {
    return new BatchException(
        FailureKind.DISK_FULL,
        "The gateway's disk has no room for the recording. Try again later.");
  }

  private static BatchException stopped() {
    return new BatchException(FailureKind.CANCELLED, "The upload was cancelled.");
  }

  private static boolean isDiskFull(IOException failure) {
    String reason = failure instanceof FileSystemException f ? f.getReason() : failure.getMessage();
    return reason != null
        && (reason.contains("No space left") || reason.contains("quota exceeded"));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
