package io.verbatim.batch.provider;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;

/// A file as the body of a request, read as it is sent.
public final class FileBody {

  private FileBody() {}

  /// The body with a file.
  ///
  /// @throws UncheckedIOException if the file is missing
  public static BodyPublisher of(Path file) {
    try {
      return BodyPublishers.ofFile(file);
    } catch (FileNotFoundException deleted) {
      throw new UncheckedIOException(deleted);
    }
  }
}
