package io.verbatim.ingest.audiostream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.verbatim.ingest.connection.Base64Decoder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads the audio of an `audio_chunk` event.
///
/// The payload is base64 text, or an object with the text in one of several fields, because the
/// documents of the previous system did not name it. Pure functions.
public final class AudioChunk {
  /// The event's name.
  public static final String EVENT = "audio_chunk";

  private static final List<String> FIELDS = List.of("audio", "data", "chunk", "audio_data");

  private AudioChunk() {}

  /// The audio of the event's argument; empty if it is not base64 text.
  public static Optional<byte[]> decode(JsonNode argument) {
    JsonNode text = argument;
    for (String field : FIELDS) {
      if (!text.isString() && argument.has(field)) {
        text = argument.path(field);
      }
    }
    if (!text.isString() || text.stringValue().isEmpty()) {
      return Optional.empty();
    }
    byte[] ascii = text.stringValue().getBytes(ISO_8859_1);
    byte[] canonical = Base64Decoder.decode(ascii, 0, ascii.length);
    return canonical != null ? Optional.of(canonical) : lenient(text.stringValue());
  }

  /// Also accepts text without padding.
  private static Optional<byte[]> lenient(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text)).filter(audio -> audio.length > 0);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The audio of a message of the usual form: the given bytes, canonical base64, the given end.
  /// Empty for another form, which [#decode] reads.
  ///
  /// @param from where the message starts in the array
  /// @param length where it ends
  public static Optional<byte[]> scan(
      byte[] text, int from, int length, byte[] before, byte[] after) {
    int start = from + before.length;
    int end = length - after.length;
    if (start >= end || !holds(text, from, before) || !holds(text, end, after)) {
      return Optional.empty();
    }
    return Optional.ofNullable(Base64Decoder.decode(text, start, end));
  }

  private static boolean holds(byte[] text, int at, byte[] part) {
    for (int i = 0; i < part.length; i++) {
      if (text[at + i] != part[i]) {
        return false;
      }
    }
    return true;
  }
}
