package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A recorded exchange with Exotel, from `exotel/<name>.jsonl`.
///
/// `<<pcm8k:320:speech>>` in a payload is replaced by base64 of 320 bytes: zeros for `silence`,
/// else a pattern that depends on the label and the index.
public record ExotelTranscript(List<Step> steps) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern AUDIO = Pattern.compile("<<[a-z0-9]+:(\\d+):([a-z0-9-]+)>>");

  /// One line of the recording.
  public sealed interface Step {
    long atMillis();
  }

  /// A text frame from Exotel; `socket` distinguishes a call's sockets.
  public record TextIn(long atMillis, String socket, String text) implements Step {}

  /// A binary frame from Exotel.
  @SuppressWarnings("ArrayRecordComponent")
  public record BinaryIn(long atMillis, byte[] bytes) implements Step {}

  /// Any other step: `tcp_eof`, `tcp_reset`, `close`, `nothing`, `handshake`.
  public record Control(long atMillis, String what) implements Step {}

  public static ExotelTranscript read(String name) {
    List<Step> steps = new ArrayList<>();
    for (String line : resource("/exotel/" + name + ".jsonl").lines().toList()) {
      add(steps, JSON.readTree(line));
    }
    return new ExotelTranscript(List.copyOf(steps));
  }

  /// The text frames of one of the call's sockets.
  public List<TextIn> texts(String socket) {
    return steps.stream()
        .filter(TextIn.class::isInstance)
        .map(TextIn.class::cast)
        .filter(text -> text.socket().equals(socket))
        .toList();
  }

  /// The bytes of a placeholder.
  public static byte[] audio(int length, String label) {
    byte[] bytes = new byte[length];
    int seed = label.equals("silence") ? 0 : label.hashCode() | 1;
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((seed * (i + 7)) >>> 5);
    }
    return bytes;
  }

  private static void add(List<Step> steps, JsonNode line) {
    long at = line.path("t").longValue();
    String direction = line.path("dir").asString("");
    String control = line.path("ctl").asString("");
    if (direction.startsWith("in")) {
      steps.add(new TextIn(at, direction, expand(line.path("frame").toString())));
    } else if (control.equals("text")) {
      steps.add(new TextIn(at, "in", line.path("raw").stringValue()));
    } else if (control.equals("binary")) {
      Matcher audio = AUDIO.matcher(line.path("bytes").stringValue());
      audio.find();
      steps.add(new BinaryIn(at, audio(Integer.parseInt(audio.group(1)), audio.group(2))));
    } else if (control.equals("repeat")) {
      repeat(steps, line.path("to_chunk").intValue());
    } else if (!control.isEmpty()) {
      steps.add(new Control(at, control));
    }
  }

  /// Repeats the previous media event at intervals of 20 ms, up to a chunk number.
  private static void repeat(List<Step> steps, int toChunk) {
    TextIn last = (TextIn) steps.getLast();
    ObjectNode frame = (ObjectNode) JSON.readTree(last.text());
    ObjectNode media = (ObjectNode) frame.path("media");
    int from = Integer.parseInt(media.path("chunk").stringValue()) + 1;
    for (int chunk = from; chunk <= toChunk; chunk++) {
      frame.put("sequence_number", Integer.toString(chunk + 1));
      media.put("chunk", Integer.toString(chunk));
      media.put("timestamp", Integer.toString((chunk - 1) * 20));
      steps.add(
          new TextIn(last.atMillis() + (chunk - from + 1) * 20L, last.socket(), frame.toString()));
    }
  }

  private static String expand(String text) {
    return AUDIO
        .matcher(text)
        .replaceAll(match ->
            Base64.getEncoder()
                .encodeToString(audio(Integer.parseInt(match.group(1)), match.group(2))));
  }

  private static String resource(String path) {
    try (InputStream in = ExotelTranscript.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such recording: " + path);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
