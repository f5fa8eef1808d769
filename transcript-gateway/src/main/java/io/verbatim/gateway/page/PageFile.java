package io.verbatim.gateway.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// One file of the page, plain and gzipped, each with its own `ETag`.
record PageFile(String type, byte[] bytes, byte[] gzipped, String hash) {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /// Reads a file of the class path. A missing file fails the start.
  static PageFile read(String path) {
    try (InputStream in = PageFile.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("page file " + path + " is missing on the class path");
      }
      return of(path, in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static PageFile readOrEmpty(String path) {
    return PageFile.class.getResource(path) == null ? of(path, new byte[0]) : read(path);
  }

  private static PageFile of(String path, byte[] bytes) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException(
          "page file " + path + " has no known media type: use html, js, css or svg");
    }
    return new PageFile(type, bytes, gzipped(bytes), hash(bytes));
  }

  /// The value of `ETag`, different for the plain and the gzipped form.
  String tag(boolean isGzipped) {
    return '"' + hash + (isGzipped ? "-gzip" : "") + '"';
  }

  private static byte[] gzipped(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
