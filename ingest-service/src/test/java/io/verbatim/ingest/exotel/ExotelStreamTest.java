package io.verbatim.ingest.exotel;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.exotel.ExotelTranscript.BinaryIn;
import io.verbatim.ingest.exotel.ExotelTranscript.Control;
import io.verbatim.ingest.exotel.ExotelTranscript.TextIn;
import io.verbatim.ingest.exotel.RecordedActions.Action;
import io.verbatim.ingest.exotel.RecordedActions.Action.Audio;
import io.verbatim.ingest.exotel.RecordedActions.Action.AwaitClose;
import io.verbatim.ingest.exotel.RecordedActions.Action.Close;
import io.verbatim.ingest.exotel.RecordedActions.Action.End;
import io.verbatim.ingest.exotel.RecordedActions.Action.Open;
import io.verbatim.ingest.exotel.RecordedActions.Action.Violation;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One test per recording in `exotel/`, and one per rule that no recording covers.
class ExotelStreamTest {
  private static final String CALL = "9c41d7e2b05f4a6c8d13e97a40b2681f";
  private static final String STREAM = "5f0c2a9be1d74c83a6f0b95d7e312681";
  private static final AudioFormat PCM_8K = new AudioFormat(Encoding.PCM16, 8000, 1);

  private final RecordedActions stream = new RecordedActions(ExotelHints.NONE);

  @Test
  void unidirectional8khz_isOneCallWithAllItsAudio() {
    Played played = play("unidirectional-8khz");

    assertThat(played.opened()).extracting(ExotelStart::callSid).containsExactly(CALL);
    assertThat(played.opened().getFirst().tenant()).isEqualTo("acme1");
    assertThat(played.opened().getFirst().format()).isEqualTo(PCM_8K);
    assertThat(played.opened().getFirst().from()).isEqualTo("09876543210");
    assertThat(played.audio()).hasSize(8646 * 320);
    assertThat(played.ends()).containsExactly("canceled or call ended");
    assertThat(played.awaitsClose()).isTrue();
    assertThat(played.violations()).isEmpty();
  }

  @Test
  void bidirectional16khz_keepsRateAndIgnoresMarksAndDigits() {
    Played played = play("bidirectional-16khz");

    assertThat(played.opened().getFirst().format())
        .isEqualTo(new AudioFormat(Encoding.PCM16, 16_000, 1));
    assertThat(played.opened().getFirst().customParameters())
        .containsEntry("tenant", "acme")
        .containsEntry("queue", "billing");
    assertThat(played.audio())
        .isEqualTo(concat(audio(640, "silence"), audio(640, "speech"), audio(640, "speech")));
    assertThat(played.ends()).containsExactly("stopped");
    assertThat(played.violations()).isEmpty();
  }

  @Test
  void missingStop_leavesTheCallOpen() {
    Played played = play("missing-stop");

    assertThat(played.audio()).hasSize(640);
    assertThat(played.ends()).isEmpty();
    assertThat(stream.stream().isOpen()).isTrue();
  }

  @Test
  void noMediaFormat_isLinear8khz() {
    Played played = play("no-media-format");

    assertThat(played.opened().getFirst().format()).isEqualTo(PCM_8K);
    assertThat(played.opened().getFirst().customParameters()).isEmpty();
    assertThat(played.audio()).isEqualTo(audio(320, "speech"));
    assertThat(played.ends()).containsExactly("callended");
    assertThat(played.violations()).isEmpty();
  }

  @Test
  void duplicateAndGap_dropsOnlyTheDuplicate() {
    Played played = play("duplicate-and-gap");

    assertThat(played.audio())
        .isEqualTo(concat(audio(320, "a"), audio(320, "d"), audio(320, "c"), audio(320, "h")));
    assertThat(played.violations())
        .containsOnly(
            Map.entry(ProtocolViolation.DUPLICATE, 1L),
            Map.entry(ProtocolViolation.OUT_OF_ORDER, 1L),
            Map.entry(ProtocolViolation.MISSING_CHUNK, 5L));
  }

  @Test
  void mediaBeforeStart_isAddedAtStart() {
    Played played = play("media-before-start");

    assertThat(played.opened()).hasSize(1);
    assertThat(played.audio()).hasSize(3 * 320);
    assertThat(played.ends()).containsExactly("stopped");
    assertThat(played.violations()).isEmpty();
  }

  @Test
  void badPayloads_areDroppedAloneAndCounted() {
    Played played = play("bad-payloads");

    assertThat(played.audio())
        .isEqualTo(
            concat(
                new byte[] {1, 2},
                java.util.Arrays.copyOf(audio(321, "odd-length"), 320),
                "{\"event\":\"media\"".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                audio(320, "speech")));
    assertThat(played.violations())
        .containsOnly(
            Map.entry(ProtocolViolation.BAD_BASE64, 1L),
            Map.entry(ProtocolViolation.EMPTY_PAYLOAD, 3L),
            Map.entry(ProtocolViolation.PARTIAL_SAMPLE, 2L),
            Map.entry(ProtocolViolation.JSON_PAYLOAD, 1L),
            Map.entry(ProtocolViolation.PAYLOAD_TOO_LARGE, 1L));
    assertThat(played.closes()).isEmpty();
  }

  @Test
  void otherSpellings_areAccepted() {
    Played played = play("other-spellings");

    ExotelStart start = played.opened().getFirst();
    assertThat(start.callSid()).isEqualTo(CALL);
    assertThat(start.format()).isEqualTo(new AudioFormat(Encoding.MULAW, 8000, 1));
    assertThat(start.customParameters()).containsEntry("voice/run-17", "");
    assertThat(played.audio()).isEqualTo(audio(160, "speech"));
    assertThat(played.ends()).containsExactly("stop");
    assertThat(played.violations())
        .containsOnly(
            Map.entry(ProtocolViolation.UNKNOWN_EVENT, 1L),
            Map.entry(ProtocolViolation.UNKNOWN_FIELD, 2L),
            Map.entry(ProtocolViolation.FOREIGN_STREAM, 1L),
            Map.entry(ProtocolViolation.BAD_JSON, 1L),
            Map.entry(ProtocolViolation.BINARY_FRAME, 1L));
  }

  @Test
  void secondStop_endsOnceAndLaterMediaIsDropped() {
    Played played = play("stop-twice");

    assertThat(played.audio()).hasSize(320);
    assertThat(played.ends()).containsExactly("stopped");
    assertThat(played.violations())
        .containsOnly(
            Map.entry(ProtocolViolation.MEDIA_AFTER_STOP, 1L),
            Map.entry(ProtocolViolation.SECOND_STOP, 1L));
  }

  @Test
  void connectedOnly_causesNoAction() {
    Played played = play("silent");

    assertThat(played.actions()).isEmpty();
    assertThat(stream.stream().isOpen()).isFalse();
  }

  @Test
  void secondSocket_isASeparateStream() {
    Played first = play("second-socket");
    Played second = new Played(new ArrayList<>());
    RecordedActions other = new RecordedActions(ExotelHints.NONE);
    for (TextIn text : ExotelTranscript.read("second-socket").texts("in2")) {
      second.actions().addAll(other.text(text.text(), 0));
    }

    assertThat(first.opened()).extracting(ExotelStart::callSid).containsExactly(CALL);
    assertThat(second.opened()).extracting(ExotelStart::callSid).containsExactly(CALL);
    assertThat(second.ends()).containsExactly("canceled or call ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"base64", "mulaw", "alaw"})
  void framesWithAnyFirstByte_areAdded(String encoding) {
    start("\"media_format\":{\"encoding\":\"" + encoding + "\",\"sample_rate\":\"8000\"}");

    for (int first = 0; first <= 0xff; first++) {
      byte[] frame = audio(160, "speech");
      frame[0] = (byte) first;
      assertThat(media(first + 1, Base64.getEncoder().encodeToString(frame)).audio())
          .isEqualTo(frame);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"16000\"", "16000", "\"16kHz\"", "\"16000Hz\"", "\" 16 KHZ \""})
  void sampleRateInAnySpelling_isRead(String rate) {
    Played played = start("\"media_format\":{\"sample_rate\":" + rate + "}");

    assertThat(played.opened().getFirst().format().sampleRateHz()).isEqualTo(16_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1800\"", "\"fast\"", "0", "-8000", "999999"})
  void invalidSampleRate_is8khzAndCounted(String rate) {
    Played played = start("\"media_format\":{\"sample_rate\":" + rate + "}");

    assertThat(played.opened().getFirst().format().sampleRateHz()).isEqualTo(8000);
    assertThat(played.violations()).containsOnly(Map.entry(ProtocolViolation.BAD_SAMPLE_RATE, 1L));
  }

  @Test
  void startWithoutFormat_usesTheHandshakeHints() {
    RecordedActions hinted = new RecordedActions(new ExotelHints("24000", "hi"));

    Played played = new Played(new ArrayList<>());
    played
        .actions()
        .addAll(hinted.text("{\"event\":\"start\",\"start\":{\"call_sid\":\"c1\"}}", 0));

    assertThat(played.opened().getFirst().format().sampleRateHz()).isEqualTo(24_000);
    assertThat(played.opened().getFirst().language()).isEqualTo("hi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"call_sid", "leg_sid", "stream_sid"})
  void callId_isTheFirstIdPresent(String field) {
    Played played = new Played(new ArrayList<>());
    played
        .actions()
        .addAll(stream.text("{\"event\":\"start\",\"start\":{\"" + field + "\":\"id-1\"}}", 0));

    assertThat(played.opened().getFirst().callSid()).isEqualTo("id-1");
  }

  @Test
  void secondStartOfTheSameStream_isIgnored() {
    start("\"call_sid\":\"c1\"");

    Played again = start("\"call_sid\":\"c1\"");

    assertThat(again.opened()).isEmpty();
    assertThat(again.violations()).containsOnlyKeys(ProtocolViolation.SECOND_START);
  }

  @Test
  void startOfAnotherStream_endsTheFirst() {
    start("\"call_sid\":\"c1\"");

    Played next = new Played(new ArrayList<>());
    next.actions()
        .addAll(
            stream.text(
                "{\"event\":\"start\",\"stream_sid\":\"other\",\"start\":{\"call_sid\":\"c1\"}}",
                0));

    assertThat(next.ends()).containsExactly("next_stream");
    assertThat(next.opened()).hasSize(1);
  }

  @Test
  void fiftyBadPayloadsInARow_closeWith1007() {
    start("\"call_sid\":\"c1\"");

    for (int chunk = 1; chunk < 50; chunk++) {
      assertThat(media(chunk, "%%%").closes()).isEmpty();
    }

    assertThat(media(50, "%%%").closes())
        .extracting(Close::code)
        .containsExactly(CloseCode.BAD_PAYLOAD);
  }

  @Test
  void goodPayload_resetsTheCountOfBadOnes() {
    start("\"call_sid\":\"c1\"");

    for (int chunk = 1; chunk <= 120; chunk++) {
      assertThat(media(chunk, chunk % 40 == 0 ? "AAA=" : "%%%").closes()).isEmpty();
    }
  }

  @Test
  void twentyBadTextsInARow_closeWith1007() {
    for (int i = 1; i < 20; i++) {
      assertThat(stream.text("{", 0)).noneMatch(Close.class::isInstance);
    }

    assertThat(stream.text("[]", 0))
        .contains(new Close(CloseCode.BAD_PAYLOAD, "bad_json: 20 texts in a row"));
  }

  @Test
  void mediaLongBeforeStart_keepsTheLastSecond() {
    for (int chunk = 1; chunk <= 100; chunk++) {
      stream.text(mediaText(chunk, "AAA="), chunk * 20_000_000L);
    }

    Played played = new Played(new ArrayList<>());
    played
        .actions()
        .addAll(
            stream.text(
                "{\"event\":\"start\",\"start\":{\"call_sid\":\"c1\"}}", 100 * 20_000_000L));

    assertThat(played.audio()).hasSize(51 * 2);
  }

  @Test
  void mediaBeforeStart_isAtMost64KiB() {
    String payload = Base64.getEncoder().encodeToString(audio(30_000, "speech"));
    for (int chunk = 1; chunk <= 5; chunk++) {
      stream.text(mediaText(chunk, payload), 0);
    }

    Played played = start("\"call_sid\":\"c1\"");

    assertThat(played.audio()).hasSize(2 * 30_000);
  }

  @ParameterizedTest
  @CsvSource({"16000, 0", "8000, 0", "8000, 1"})
  void bytesThatContradictTheFormat_areCounted(int statedRate, long violations) {
    int bytesPerFrame = violations == 0 ? statedRate / 25 : 640;
    start("\"media_format\":{\"sample_rate\":" + statedRate + "}");
    String payload = Base64.getEncoder().encodeToString(audio(bytesPerFrame, "speech"));

    Played played = new Played(new ArrayList<>());
    for (int chunk = 1; chunk <= 200; chunk++) {
      String text =
          "{\"event\":\"media\",\"media\":{\"chunk\":%d,\"timestamp\":%d,\"payload\":\"%s\"}}"
              .formatted(chunk, (chunk - 1) * 20, payload);
      played.actions().addAll(stream.text(text, 0));
    }

    assertThat(played.violations().getOrDefault(ProtocolViolation.FORMAT_CONTRADICTED, 0L))
        .isEqualTo(violations);
    assertThat(played.audio()).hasSize(200 * bytesPerFrame);
  }

  @Test
  void constantChunkNumber_losesAtMostOneSecond() {
    start("\"call_sid\":\"c1\"");

    Played played = new Played(new ArrayList<>());
    for (int i = 0; i < 200; i++) {
      played.actions().addAll(media(1, "AAA=").actions());
    }

    assertThat(played.audio()).hasSize(2 * 150);
  }

  @Test
  void restartedChunkNumbers_loseNothing() {
    start("\"call_sid\":\"c1\"");
    for (int chunk = 1; chunk <= 100; chunk++) {
      media(chunk, "AAA=");
    }

    Played played = new Played(new ArrayList<>());
    for (int chunk = 1; chunk <= 100; chunk++) {
      played.actions().addAll(media(chunk, "AAA=").actions());
    }

    assertThat(played.audio()).hasSize(2 * 100);
    assertThat(played.violations()).containsOnly(Map.entry(ProtocolViolation.RENUMBERED, 1L));
  }

  private Played start(String body) {
    Played played = new Played(new ArrayList<>());
    String sid = "\"stream_sid\":\"" + STREAM + "\"";
    played
        .actions()
        .addAll(stream.text("{\"event\":\"start\"," + sid + ",\"start\":{" + body + "}}", 0));
    return played;
  }

  private Played media(int chunk, String payload) {
    return new Played(stream.text(mediaText(chunk, payload), 0));
  }

  private static String mediaText(int chunk, String payload) {
    return "{\"event\":\"media\",\"sequence_number\":\"%d\",\"media\":{\"chunk\":\"%d\",\"payload\":\"%s\"}}"
        .formatted(chunk + 1, chunk, payload);
  }

  private Played play(String name) {
    Played played = new Played(new ArrayList<>());
    for (ExotelTranscript.Step step : ExotelTranscript.read(name).steps()) {
      switch (step) {
        case TextIn(long at, String socket, String text) -> {
          if (socket.equals("in")) {
            played.actions().addAll(stream.text(text, at * 1_000_000));
          }
        }
        case BinaryIn _ -> played.actions().addAll(stream.binary());
        case Control _ -> {}
      }
    }
    return played;
  }

  private static byte[] audio(int length, String label) {
    return ExotelTranscript.audio(length, label);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// The actions of a stream.
  private record Played(List<Action> actions) {
    List<ExotelStart> opened() {
      return all(Open.class).stream().map(Open::start).toList();
    }

    byte[] audio() {
      return concat(all(Audio.class).stream().map(Audio::bytes).toArray(byte[][]::new));
    }

    List<String> ends() {
      return all(End.class).stream().map(End::reason).toList();
    }

    List<Close> closes() {
      return all(Close.class);
    }

    boolean awaitsClose() {
      return !all(AwaitClose.class).isEmpty();
    }

    Map<ProtocolViolation, Long> violations() {
      Map<ProtocolViolation, Long> counts = new EnumMap<>(ProtocolViolation.class);
      all(Violation.class).forEach(one -> counts.merge(one.violation(), one.times(), Long::sum));
      return counts;
    }

    private <T extends Action> List<T> all(Class<T> kind) {
      return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }
}
