package io.verbatim.batch.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;

/// A `multipart/form-data` body of text fields and one file at the end, whose bytes are not held in
/// memory.
public final class MultipartBody {

  private final String boundary = "verbatim-" + UUID.randomUUID();
  private final StringBuilder head = new StringBuilder();

  /// The value of the header `Content-Type`.
  public String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  public MultipartBody field(String name, String value) {
    head.append(begin(name)).append("\r\n\r\n").append(value).append("\r\n");
    return this;
  }

  private String begin(String name) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"".formatted(boundary, name);
  }

  /// The body with the file. May be called again for another try.
  ///
  /// @param fileName of ours, without quotes
  public BodyPublisher withFile(
      String name, String fileName, String mediaType, BodyPublisher content) {
    String start =
        "%s%s; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
            .formatted(head, begin(name), fileName, mediaType);
    return BodyPublishers.concat(
        BodyPublishers.ofByteArray(start.getBytes(UTF_8)),
        content,
        BodyPublishers.ofByteArray(("\r\n--" + boundary + "--\r\n").getBytes(UTF_8)));
  }
}
