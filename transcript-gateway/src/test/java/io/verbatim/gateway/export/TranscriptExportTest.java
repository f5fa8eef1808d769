package io.verbatim.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.stage.Words;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TranscriptExportTest {

  private static final CallId CALL = new CallId("call-1");

  private static final List<TranscriptEntry> PLAIN =
      List.of(
          said(1, Words.words("s1", 0, 1_500, "Good <morning> & welcome --> here")),
          new TranscriptEntry.Gap("24000-1", 1_500, 4_700, "log_lost"),
          said(2, Words.words("s2", 3_661_004, 3_662_000, "Still\nthere?")),
          new TranscriptEntry.Ended("9-9", "stop", 3_662_000, false));

  private static final List<TranscriptEntry> DIALOGUE =
      List.of(
          said(1, Words.words("a", 0, 2_000, 3_000, "second")),
          said(2, Words.words("b", 1, 0, 500, "first")));

  @Test
  void plainText_isALinePerUtteranceAndGap() {
    assertThat(write(TranscriptFormat.TXT, PLAIN))
        .isEqualTo(
            """
            [00:00:00] Good <morning> & welcome --> here
            [00:00:01] (3.2 s from 00:00:01 not transcribed: log_lost)
            [01:01:01] Still there?
            [01:01:02] (end, with words missing)
            """);
  }

  @Test
  void plainText_marksWhatWasNeverConfirmed() {
    Speech guess = Words.words("s", 0, 10, "perhaps").asUnconfirmed();

    assertThat(write(TranscriptFormat.TXT, List.of(said(1, guess)))).contains("(unconfirmed)");
  }

  @Test
  void webVtt_escapesMarkupAndArrows() {
    assertThat(write(TranscriptFormat.VTT, PLAIN))
        .isEqualTo(
            """
            WEBVTT

            NOTE 3.2 s from 00:00:01 not transcribed: log_lost

            00:00:00.000 --> 00:00:01.500
            Good &lt;morning&gt; &amp; welcome --&gt; here

            01:01:01.004 --> 01:01:02.000
            Still there?
            """);
  }

  @Test
  void webVtt_namesVoicesAndOrdersCuesByTheirStart() {
    assertThat(write(TranscriptFormat.VTT, DIALOGUE))
        .isEqualTo(
            """
            WEBVTT

            00:00:00.000 --> 00:00:00.500
            <v Channel 2>first

            00:00:02.000 --> 00:00:03.000
            <v Channel 1>second
            """);
  }

  @Test
  void subRip_isNumberedWithCommasAndNoMarkup() {
    assertThat(write(TranscriptFormat.SRT, PLAIN))
        .isEqualTo(
            """
            1
            00:00:00,000 --> 00:00:01,500
            Good ＜morning> & welcome -> here

            2
            01:01:01,004 --> 01:01:02,000
            Still there?

            """
                .replace("\n", "\r\n"));
  }

  @Test
  void cue_endsBehindItsStartAndHasWords() {
    List<TranscriptEntry> odd =
        List.of(
            said(1, Words.words("s", 500, 500, "hm")), said(2, Words.words("t", 600, 700, " ")));

    assertThat(write(TranscriptFormat.VTT, odd))
        .isEqualTo("WEBVTT\n\n00:00:00.500 --> 00:00:00.501\nhm\n");
  }

  @Test
  void json_isTheEventsWithTheirIds() {
    JsonNode document = JsonMapper.shared().readTree(write(TranscriptFormat.JSON, PLAIN));

    assertThat(document.path("callId").asString()).isEqualTo("call-1");
    assertThat(document.path("entries").values())
        .extracting(entry -> entry.path("type").asString())
        .containsExactly("final", "gap", "final", "ended");
    assertThat(document.path("entries").path(0).path("id").asString()).isEqualTo("24000-0");
    assertThat(document.path("entries").path(0).path("seq").asLong()).isEqualTo(1);
    assertThat(document.path("entries").path(3).path("complete").asBoolean()).isFalse();
  }

  @Test
  void format_isNamedOrNegotiated() {
    assertThat(TranscriptFormat.named("srt")).contains(TranscriptFormat.SRT);
    assertThat(TranscriptFormat.named("pdf")).isEmpty();
    assertThat(TranscriptFormat.accepted(List.of())).contains(TranscriptFormat.SSE);
    assertThat(TranscriptFormat.accepted(List.of("*/*"))).contains(TranscriptFormat.SSE);
    assertThat(TranscriptFormat.accepted(List.of("text/html", "text/vtt")))
        .contains(TranscriptFormat.VTT);
    assertThat(TranscriptFormat.accepted(List.of("application/*"))).contains(TranscriptFormat.JSON);
    assertThat(TranscriptFormat.accepted(List.of("image/png"))).isEmpty();
  }

  private static TranscriptEntry said(long seq, Speech words) {
    return new TranscriptEntry.Final(words.endMs() * 16 + "-0", seq, words);
  }

  private static String write(TranscriptFormat format, List<TranscriptEntry> transcript) {
    return TranscriptExport.write(format, CALL, transcript);
  }
}
