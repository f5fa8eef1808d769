package io.verbatim.gateway.recordings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/// A multipart form, as curl sends it.
final class Form {

  private static final String BOUNDARY = "------------------------d74496d66958873e";

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  static Form of(String fileName, byte[] file) {
    return new Form().file("audio", fileName, file);
  }

  Form file(String field, String fileName, byte[] file) {
    text(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                .formatted(BOUNDARY, field, fileName)
            + "Content-Type: application/octet-stream\r\n\r\n");
    body.writeBytes(file);
    text("\r\n");
    return this;
  }

  Form field(String name, String value) {
    text(
        "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
            .formatted(BOUNDARY, name, value));
    return this;
  }

  private void text(String text) {
    body.writeBytes(text.getBytes(UTF_8));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(body.toByteArray());
    whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
    return whole.toByteArray();
  }

  BodyPublisher publisher() {
    return BodyPublishers.ofByteArray(bytes());
  }
}
