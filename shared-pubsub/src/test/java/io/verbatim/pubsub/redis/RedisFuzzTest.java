package io.verbatim.pubsub.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.testkit.fuzz.Assertion;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Entries and values from Redis: the first line is an entry's id, each further line `field=value`.
public class RedisFuzzTest {
  private static final int MAX_FIELDS = 64;

  /// Reads an entry of an audio stream, as in the reply to an XREAD.
  @FuzzTest
  public void audio(byte[] input) {
    String[] lines = lines(input);
    AudioEntries entries = new AudioEntries("audio_stream:{call}", 320, (_, _, _) -> {});
    AudioReadDecoder reply = new AudioReadDecoder(List.of(entries));
    reply.multiMap(1);
    reply.set(ByteBuffer.wrap(entries.key()));
    reply.multi(1);
    reply.multi(2);
    reply.set(ByteBuffer.wrap(Reply.bytes(id(lines))));
    Map<String, byte[]> body = body(lines);
    reply.multi(2 * body.size());
    body.forEach((field, value) -> {
      reply.set(ByteBuffer.wrap(Reply.bytes(field)));
      reply.set(ByteBuffer.wrap(value));
    });
    Assertion.check(reply.decoded(), "a stream is not decoded");
    entries
        .pollSlice()
        .ifPresent(slice ->
            slice
                .entries()
                .forEach(entry -> {
                  Assertion.check(entry.start() >= 0, "audio before the start of the call");
                  Assertion.check(
                      entry.pcm().length == 0 || entry.start() >= 320, "audio is read twice");
                }));
  }

  /// Reads an entry of a transcript; empty if it is refused.
  public static Optional<TranscriptEntry> transcript(byte[] input) {
    String[] lines = lines(input);
    try {
      return Optional.of(RedisTranscriptLog.decode(id(lines), body(lines)));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  /// Reads an interim of the live state; empty if it is refused.
  public static Optional<Speech> interim(byte[] input) {
    try {
      return Optional.of(TranscriptJson.speech(Reply.asText(input)));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  /// Reads a recogniser's status of the live state; empty if it is refused.
  public static Optional<RecognizerStatus> status(byte[] input) {
    try {
      return Optional.of(TranscriptJson.recognizerStatus(Reply.asText(input)));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  /// Reads a call's hash, as the directory and as a worker; empty if it is refused.
  public static Optional<CallRecord> call(byte[] input) {
    Map<String, String> fields = new LinkedHashMap<>();
    body(lines(input)).forEach((field, value) -> fields.put(field, Reply.asText(value)));
    CallHash hash = new CallHash(new CallId("call"), fields);
    try {
      hash.coveredPerChannel();
      hash.number("epoch");
    } catch (IllegalArgumentException refused) {
      // The worker refuses the call; the directory may still list it.
    }
    try {
      return Optional.of(hash.record(Instant.EPOCH));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  private static String[] lines(byte[] input) {
    return new String(input, ISO_8859_1).split("\n", MAX_FIELDS);
  }

  /// An id as in Redis: two unsigned numbers.
  private static String id(String[] lines) {
    String[] halves = lines[0].split("-", 2);
    return unsigned(halves[0]) + "-" + unsigned(halves.length == 2 ? halves[1] : "");
  }

  private static String unsigned(String text) {
    try {
      return Long.toUnsignedString(Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      return Integer.toString(text.length());
    }
  }

  private static Map<String, byte[]> body(String[] lines) {
    Map<String, byte[]> body = new LinkedHashMap<>();
    for (String line : lines) {
      String[] field = line.split("=", 2);
      if (field.length == 2) {
        body.put(field[0], field[1].getBytes(ISO_8859_1));
      }
    }
    return body;
  }
}
