package io.verbatim.ingest.pcm;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.ingest.connection.CloseCode;
import io.verbatim.ingest.pcm.PcmDecision.End;
import io.verbatim.ingest.pcm.PcmDecision.Frame;
import io.verbatim.ingest.pcm.PcmDecision.Open;
import io.verbatim.ingest.pcm.PcmDecision.Refuse;
import io.verbatim.ingest.pcm.PcmDecision.Report;
import io.verbatim.ingest.pcm.PcmMessage.Start;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.AudioFormat.Encoding;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcmStreamTest {
  private final PcmStream stream = new PcmStream();

  @Test
  void startWithAllFields_isRead() {
    Start start =
        opened(
            start(
                "\"encoding\":\"mulaw\",\"sample_rate\":48000,\"channels\":2,\"language\":\"hi\","
                    + "\"resume_from\":21"));

    assertThat(start.call()).hasToString("i1");
    assertThat(start.tenant()).isEqualTo("t1");
    assertThat(start.format()).isEqualTo(new AudioFormat(Encoding.MULAW, 48_000, 2));
    assertThat(start.language()).contains("hi");
    assertThat(start.resumeFrom()).isEqualTo(OptionalLong.of(21));
  }

  @Test
  void startWithoutOptionalFields_usesDefaults() {
    Start start = opened(start("\"encoding\":\"pcm16\",\"sample_rate\":8000"));

    assertThat(start.format().channels()).isEqualTo(1);
    assertThat(start.language()).isEmpty();
    assertThat(start.resumeFrom()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"encoding\":\"pcm16\"                                        | missing_sample_rate",
        "\"sample_rate\":8000                                          | missing_encoding",
        "\"encoding\":\"opus\",\"sample_rate\":8000                    | bad_encoding",
        "\"encoding\":\"pcm16\",\"sample_rate\":44100                  | bad_sample_rate",
        "\"encoding\":\"pcm16\",\"sample_rate\":\"8000\"               | bad_sample_rate",
        "\"encoding\":\"pcm16\",\"sample_rate\":4294975296             | bad_sample_rate",
        "\"encoding\":\"pcm16\",\"sample_rate\":8000,\"channels\":3    | bad_channels",
        "\"encoding\":\"pcm16\",\"sample_rate\":8000,\"language\":1    | bad_language",
        "\"encoding\":\"pcm16\",\"sample_rate\":8000,\"resume_from\":0 | bad_resume_from",
      })
  void badStart_isRejectedWithItsCode(String fields, String code) {
    Refuse refuse = (Refuse) stream.text(start(fields)).getFirst();

    assertThat(refuse.code()).isEqualTo(CloseCode.REFUSED);
    assertThat(refuse.problem().code()).isEqualTo(code);
    assertThat(refuse.problem().message()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"event\":\"start\"}',                                               missing_interaction_id",
    "'{\"event\":\"start\",\"interaction_id\":\"a b\"}',                    bad_interaction_id",
    "'{\"event\":\"start\",\"interaction_id\":7}',                          bad_interaction_id",
    "'{\"event\":\"start\",\"interaction_id\":\"a\"}',                      missing_tenant_id",
    "'{\"event\":\"start\",\"interaction_id\":\"a\",\"tenant_id\":\" \"}',  bad_tenant_id",
  })
  void startWithoutValidIds_isRejectedWithItsCode(String text, String code) {
    Refuse refuse = (Refuse) stream.text(text).getFirst();

    assertThat(refuse.problem().code()).isEqualTo(code);
  }

  @Test
  void frames_areNumberedFromNextSeq() {
    stream.text(valid());
    stream.opened(21);

    assertThat(frame(stream.binary(new byte[320])).seq()).isEqualTo(21);
    assertThat(frame(stream.binary(new byte[0])).seq()).isEqualTo(22);
    assertThat(frame(stream.binary(new byte[100_000])).seq()).isEqualTo(23);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pcm16", "mulaw", "alaw"})
  void framesWithAnyFirstByte_areAdded(String encoding) {
    stream.text(start("\"encoding\":\"" + encoding + "\",\"sample_rate\":8000"));

    for (int first = 0; first <= 0xff; first++) {
      byte[] bytes = new byte[160];
      bytes[0] = (byte) first;
      assertThat(frame(stream.binary(bytes)).bytes()).isSameAs(bytes);
    }
  }

  @Test
  void frameBeforeStart_closesWith1003() {
    assertThat(stream.binary(new byte[2]).getFirst())
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse -> {
              assertThat(refuse.code()).isEqualTo(CloseCode.UNSUPPORTED_DATA);
              assertThat(PcmAnswers.error(refuse.problem())).contains("\"code\":\"no_start\"");
            });
  }

  @Test
  void frameOver100000Bytes_closesWith1009() {
    stream.text(valid());

    assertThat(((Refuse) stream.binary(new byte[100_002]).getFirst()).code())
        .isEqualTo(CloseCode.TOO_BIG);
  }

  @Test
  void partialSample_isDroppedAndReportedOnce() {
    stream.text(valid());

    List<PcmDecision> first = stream.binary(new byte[321]);
    List<PcmDecision> second = stream.binary(new byte[321]);

    assertThat(((Frame) first.get(0)).bytes()).hasSize(320);
    assertThat(((Report) first.get(1)).problem().code()).isEqualTo("partial_sample");
    assertThat(second).hasSize(1);
  }

  @Test
  void fiftyPartialSamplesInARow_closeWith1007() {
    stream.text(valid());
    for (int i = 1; i < 50; i++) {
      assertThat(stream.binary(new byte[3])).noneMatch(Refuse.class::isInstance);
    }

    assertThat(((Refuse) stream.binary(new byte[3]).getLast()).code())
        .isEqualTo(CloseCode.BAD_PAYLOAD);
  }

  @Test
  void twentyUnreadableTextsInARow_closeWith1007() {
    for (int i = 1; i < 20; i++) {
      assertThat(stream.text("{")).hasOnlyElementsOfType(Report.class);
    }

    assertThat(((Refuse) stream.text("{").getFirst()).code()).isEqualTo(CloseCode.BAD_PAYLOAD);
  }

  @ParameterizedTest
  @CsvSource({"'{\"event\":\"hello\"}', unknown_event", "'{\"event\":\"stop\"}', no_start"})
  void unexpectedEvent_isReported(String text, String code) {
    assertThat(((Report) stream.text(text).getFirst()).problem().code()).isEqualTo(code);
  }

  @Test
  void secondStart_isReportedWithTheCallsId() {
    stream.text(valid());

    Report report = (Report) stream.text(valid()).getFirst();

    assertThat(report.problem().code()).isEqualTo("already_started");
    assertThat(report.problem().message()).contains("call \"i1\"");
  }

  @Test
  void secondStop_isIgnoredAndLaterFramesAreDropped() {
    stream.text(valid());

    assertThat(stream.text("{\"event\":\"stop\"}")).containsExactly(new End());
    assertThat(stream.text("{\"event\":\"stop\"}")).isEmpty();
    assertThat(stream.binary(new byte[2])).isEmpty();
  }

  @Test
  void problem_quotesAndCutsTheCallersInput() {
    String id = "x\\n".repeat(100);
    Refuse refuse =
        (Refuse) stream.text("{\"event\":\"start\",\"interaction_id\":\"" + id + "\"}").getFirst();

    assertThat(refuse.problem().message()).hasSizeLessThan(160).doesNotContain("\n");
  }

  private Start opened(String text) {
    return ((Open) stream.text(text).getFirst()).start();
  }

  private static Frame frame(List<PcmDecision> decisions) {
    return (Frame) decisions.getFirst();
  }

  private static String valid() {
    return start("\"encoding\":\"pcm16\",\"sample_rate\":8000");
  }

  private static String start(String fields) {
    return "{\"event\":\"start\",\"interaction_id\":\"i1\",\"tenant_id\":\"t1\"," + fields + "}";
  }
}
