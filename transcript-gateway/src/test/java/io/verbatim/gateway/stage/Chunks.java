package io.verbatim.gateway.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// Reads the chunked transfer coding of HTTP.
public final class Chunks {

  private Chunks() {}

  /// The content of all chunks.
  public static String join(String chunks) {
    byte[] bytes = chunks.getBytes(UTF_8);
    var content = new ByteArrayOutputStream();
    int at = 0;
    while (at < bytes.length) {
      int lineEnd = at;
      while (bytes[lineEnd] != '\r') {
        lineEnd++;
      }
      int length = Integer.parseInt(new String(bytes, at, lineEnd - at, UTF_8), 16);
      content.write(bytes, lineEnd + 2, length);
      at = lineEnd + 2 + length + 2;
    }
    return content.toString(UTF_8);
  }
}
