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

/// One file of the page, as it is and packed, each with the tag browsers know it by.
record PageFile(String type, byte[] bytes, byte[] packed, String hash) {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /// A file of the class path; without one there would be no page, so its absence stops the start.
  static PageFile read(String path) {
    try (InputStream in = PageFile.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the page is incomplete: " + path + " is missing");
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
      throw new IllegalStateException("no type for " + path);
    }
    return new PageFile(type, bytes, packed(bytes), hash(bytes));
  }

  /// What stands in `ETag`: the two forms of a file are two things.
  String tag(boolean asPacked) {
    return '"' + hash + (asPacked ? "-gzip" : "") + '"';
  }

  private static byte[] packed(byte[] bytes) {
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
