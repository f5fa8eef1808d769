package io.verbatim.ingest.exotel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.exotel.ExotelMessage.Media;
import io.verbatim.ingest.exotel.ExotelTranscript.TextIn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scanner and the full parser return the same message for every text the scanner accepts.
class MediaScannerTest {
  private static final List<String> RECORDINGS =
      List.of(
          "bad-payloads",
          "bidirectional-16khz",
          "duplicate-and-gap",
          "media-before-start",
          "missing-stop",
          "no-media-format",
          "other-spellings",
          "second-socket",
          "silent",
          "stop-twice",
          "unidirectional-8khz");
  private static final String USUAL =
      """
      {"event":"media","stream_sid":"s1","sequence_number":"2","media":{"chunk":"1","timestamp":"0","payload":"QUJDRA=="}}\
      """;

  private final MediaScanner scanner = new MediaScanner();
  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void usualFrame_isScanned() {
    Media media = Objects.requireNonNull(scan(USUAL));

    assertThat(media.streamSid()).isEqualTo("s1");
    assertThat(media.sequence()).isEqualTo(2);
    assertThat(media.chunk()).isEqualTo(1);
    assertThat(media.timestampMs()).isZero();
    assertThat(media.audio()).isEqualTo("ABCD".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJDRA==\"}}",
        "{\"media\":{\"payload\":\"QUJDRA==\",\"chunk\":7},\"event\":\"media\"}",
        "{ \"event\": \"media\", \"media\": { \"payload\": \"QUJDRA==\", \"chunk\": 0 } }",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJDRA==\",\"timestamp\":\"007\"}}",
        "{\"sequence_number\":999999999999999999,\"event\":\"media\",\"media\":{\"payload\":\"QUJDRA==\"}}"
      })
  void usualFormInAnyOrder_isScannedAsParsed(String text) {
    assertThat(scan(text)).isNotNull();
    assertSame(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"event\":\"media\"}",
        "{\"event\":\"media\",\"media\":{}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":null}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUI\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"_-8=\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\\u0041AAA\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"payload\":\"QUJD\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"track\":\"inbound\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"chunk\":01}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"chunk\":-1}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"chunk\":1.5}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"chunk\":\" 1\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\",\"chunk\":9999999999999999999}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\"}} ",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\"},\"media\":{\"payload\":\"QUJD\"}}",
        "{\"event\":\"media\",\"event\":\"media\",\"media\":{\"payload\":\"QUJD\"}}",
        "{\"event\":\"media\",\"streamSid\":\"s\",\"media\":{\"payload\":\"QUJD\"}}",
        "{\"event\":\"media\",\"stream_sid\":\"\",\"media\":{\"payload\":\"QUJD\"}}",
        "{\"event\":\"media\",\"stream_sid\":\"é\",\"media\":{\"payload\":\"QUJD\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"QUJD\"},}",
        "{\"event\":\"start\",\"media\":{\"payload\":\"QUJD\"}}"
      })
  void otherForm_isLeftToTheFullParser(String text) {
    assertThat(scan(text)).isNull();
  }

  @Test
  void recordings_areScannedAsParsed() {
    int scanned = 0;
    for (String text : recorded()) {
      assertSame(text);
      scanned += scan(text) == null ? 0 : 1;
    }
    assertThat(scanned).isGreaterThan(8_600);
  }

  @Test
  void mutations_areScannedAsParsed() {
    List<String> seeds = new ArrayList<>(recorded().subList(0, 30));
    seeds.add(USUAL);
    int scanned = 0;
    for (int round = 0; round < 200_000; round++) {
      String text = mutated(seeds.get(random.nextInt(seeds.size())));
      assertSame(text);
      scanned += scan(text) == null ? 0 : 1;
    }
    assertThat(scanned).as("mutations that are still usual").isGreaterThan(5_000);
  }

  @Test
  void randomFrames_areScannedAsParsed() {
    int scanned = 0;
    for (int round = 0; round < 100_000; round++) {
      String text = randomFrame();
      assertSame(text);
      scanned += scan(text) == null ? 0 : 1;
    }
    assertThat(scanned).as("frames that are usual").isGreaterThan(2_000);
  }

  private void assertSame(String text) {
    Media scanned = scan(text);
    if (scanned == null) {
      return;
    }
    ExotelMessage parsed = ExotelDecoder.parse(text);
    assertThat(parsed).as(text).isInstanceOf(Media.class);
    assertThat(isSame(scanned, (Media) parsed)).as(text).isTrue();
  }

  private static boolean isSame(Media one, Media other) {
    return Objects.equals(one.streamSid(), other.streamSid())
        && one.sequence() == other.sequence()
        && one.chunk() == other.chunk()
        && one.timestampMs() == other.timestampMs()
        && Arrays.equals(one.audio(), other.audio())
        && one.payloadFault() == other.payloadFault()
        && one.unknownFields().equals(other.unknownFields());
  }

  private @Nullable Media scan(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    byte[] frame = Arrays.copyOf(bytes, bytes.length + random.nextInt(3));
    return scanner.scan(frame, bytes.length);
  }

  private static List<String> recorded() {
    return RECORDINGS.stream()
        .flatMap(name -> ExotelTranscript.read(name).steps().stream())
        .filter(TextIn.class::isInstance)
        .map(step -> ((TextIn) step).text())
        .filter(text -> text.length() < 4_000)
        .toList();
  }

  private String mutated(String seed) {
    StringBuilder text = new StringBuilder(seed);
    for (int times = random.nextInt(1, 4); times > 0 && !text.isEmpty(); times--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(1, 12));
      switch (random.nextInt(6)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(128));
        case 1 -> text.insert(at, (char) random.nextInt(256));
        case 2 -> text.delete(at, end);
        case 3 -> text.insert(at, text.substring(at, end));
        case 4 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
        default -> text.insert(at, ' ');
      }
    }
    return text.toString();
  }

  private static final List<String> TOKENS =
      List.of(
          "\"",
          "\\",
          "{",
          "}",
          ",",
          ":",
          "0",
          "9",
          "=",
          "null",
          "1e3",
          "\\u0041",
          "\"media\":",
          "\"event\":\"media\",",
          "\"payload\":\"QUJD\",",
          "-",
          "\t",
          "[");

  private String randomFrame() {
    List<String> fields = new ArrayList<>();
    add(fields, "event", "\"media\"", "\"media\"", "\"start\"", "\" media\"");
    add(
        fields,
        "stream_sid",
        "\"a\"",
        "\"b\"",
        "\"\"",
        "null",
        "5",
        "\"a b\"",
        "\"" + "c".repeat(300) + "\"");
    add(fields, "sequence_number", value(), value());
    if (random.nextInt(20) == 0) {
      fields.add("\"streamSid\":\"z\"");
    }
    add(fields, "media", media(), media(), media(), media());
    shuffle(fields);
    return "{" + String.join(",", fields) + "}";
  }

  private String media() {
    List<String> fields = new ArrayList<>();
    add(fields, "chunk", value(), value());
    add(fields, "timestamp", value(), value());
    byte[] audio = new byte[random.nextInt(40)];
    random.nextBytes(audio);
    String payload = Base64.getEncoder().encodeToString(audio);
    add(
        fields,
        "payload",
        '"' + payload + '"',
        '"' + payload + '"',
        '"' + payload.replace("=", "") + '"');
    if (random.nextInt(20) == 0) {
      fields.add("\"track\":1");
    }
    shuffle(fields);
    return "{" + String.join(",", fields) + "}";
  }

  private String value() {
    String digits = Long.toString(random.nextLong() >>> random.nextInt(64));
    return switch (random.nextInt(5)) {
      case 0 -> digits;
      case 1 -> "0" + digits;
      case 2 -> "\"0" + digits + "\"";
      default -> '"' + digits + '"';
    };
  }

  private void add(List<String> fields, String name, String... values) {
    if (random.nextInt(8) > 0) {
      fields.add('"' + name + "\":" + values[random.nextInt(values.length)]);
    }
    if (random.nextInt(40) == 0) {
      fields.add('"' + name + "\":" + values[random.nextInt(values.length)]);
    }
  }

  private void shuffle(List<String> fields) {
    for (int i = fields.size() - 1; i > 0; i--) {
      java.util.Collections.swap(fields, i, random.nextInt(i + 1));
    }
  }
}
