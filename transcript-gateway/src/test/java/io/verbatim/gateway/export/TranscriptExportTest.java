package io.verbatim.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.gateway.fixture.Words;
import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Link;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TranscriptExportTest {

  private static final CallRecord CALL =
      new CallRecord(
          new CallStart(
              new CallId("call-1"),
              "acme",
              CallStart.Source.PCM,
              new AudioFormat(AudioFormat.Encoding.PCM16, 8000, 1),
              "+911234567890",
              null,
              "en",
              Instant.parse("2026-03-01T10:00:00Z")),
          CallRecord.State.LIVE,
          Instant.parse("2026-03-01T10:00:10Z"),
          Optional.empty(),
          false,
          new RecognizerStatus(RecognizerStatus.State.CONNECTED, "simulated", ""),
          2,
          160_000,
          51_200,
          108_800,
          160_000,
          51_200,
          3_200,
          0,
          1);

  private static final List<TranscriptEntry> PLAIN =
      List.of(
          finalOf(1, Words.words("s1", 0, 1_500, "Good <morning> & welcome --> here")),
          new TranscriptEntry.Gap("24000-1", Link.NONE, 1_500, 4_700, "log_lost"),
          finalOf(2, Words.words("s2", 3_661_004, 3_662_000, "Still\nthere?")),
          new TranscriptEntry.Ended("9-9", Link.NONE, "stop", 3_662_000, false));

  private static final List<TranscriptEntry> DIALOGUE =
      List.of(
          finalOf(1, Words.words("a", 0, 2_000, 3_000, "second")),
          finalOf(2, Words.words("b", 1, 0, 500, "first")));

  @Test
  void plainText_hasOneLinePerUtteranceAndGap() {
    assertThat(write(TranscriptFormat.TXT, PLAIN))
        .isEqualTo(
            """
            Call call-1
            From …7890 to unknown
            Began 2026-03-01T10:00:00Z
            Transcribed by a simulated recogniser

            [00:00:00] Good <morning> & welcome --> here
            [00:00:01] (3.2 s not transcribed: the audio was lost in the log)
            [01:01:01] Still there?
            [01:01:02] (end, incomplete)
            """);
  }

  @Test
  void everyFormat_marksUnconfirmedWords() {
    Speech words = Words.words("s", 0, 10, "perhaps").asUnconfirmed();

    for (TranscriptFormat format :
        List.of(TranscriptFormat.TXT, TranscriptFormat.VTT, TranscriptFormat.SRT)) {
      assertThat(write(format, List.of(finalOf(1, words)))).contains("perhaps (unconfirmed)");
    }
  }

  @Test
  void liveCall_isNotedInTextAndWebVtt() {
    List<TranscriptEntry> soFar = List.of(finalOf(1, Words.words("s", 0, 10, "well")));

    assertThat(write(TranscriptFormat.TXT, soFar))
        .endsWith("(The call was still live when this was written.)\n");
    assertThat(write(TranscriptFormat.VTT, soFar))
        .endsWith("\nNOTE\nThe call was still live when this was written.\n");
    assertThat(write(TranscriptFormat.TXT, PLAIN)).doesNotContain("still live");
    assertThat(write(TranscriptFormat.VTT, PLAIN)).doesNotContain("still live");
  }

  @Test
  void webVtt_escapesMarkupAndArrows() {
    assertThat(write(TranscriptFormat.VTT, PLAIN))
        .isEqualTo(
            """
            WEBVTT

            NOTE
            Call call-1
            From …7890 to unknown
            Began 2026-03-01T10:00:00Z
            Transcribed by a simulated recogniser

            1
            00:00:00.000 --> 00:00:01.500
            Good &lt;morning&gt; &amp; welcome --&gt; here

            2
            00:00:01.500 --> 00:00:04.700
            [3.2 s not transcribed: the audio was lost in the log]

            3
            01:01:01.004 --> 01:01:02.000
            Still there?
            """);
  }

  @Test
  void webVtt_namesAndAlignsSpeakersAndOrdersCuesByStart() {
    assertThat(write(TranscriptFormat.VTT, DIALOGUE))
        .contains(
            """

            1
            00:00:00.000 --> 00:00:00.500 align:end
            <v Speaker 2>first

            2
            00:00:02.000 --> 00:00:03.000 align:start
            <v Speaker 1>second
            """);
  }

  @Test
  void subRip_hasNumbersCommasAndNoMarkup() {
    assertThat(write(TranscriptFormat.SRT, PLAIN))
        .isEqualTo(
            """
            1
            00:00:00,000 --> 00:00:01,500
            Good ＜morning> & welcome --＞ here

            2
            00:00:01,500 --> 00:00:04,700
            [3.2 s not transcribed: the audio was lost in the log]

            3
            01:01:01,004 --> 01:01:02,000
            Still there?

            """
                .replace("\n", "\r\n"));
  }

  @Test
  void cue_endsAfterItsStartAndIsNotEmpty() {
    List<TranscriptEntry> entries =
        List.of(
            finalOf(1, Words.words("s", 500, 500, "hm")),
            finalOf(2, Words.words("t", 600, 700, " ")));

    assertThat(write(TranscriptFormat.SRT, entries))
        .isEqualTo("1\r\n00:00:00,500 --> 00:00:00,501\r\nhm\r\n\r\n");
  }

  @Test
  void json_isTheCompleteRecord() {
    JsonNode document = JsonMapper.shared().readTree(write(TranscriptFormat.JSON, PLAIN));

    assertThat(document.path("callId").asString()).isEqualTo("call-1");
    assertThat(document.path("tenant").asString()).isEqualTo("acme");
    assertThat(document.path("recognizer").asString()).isEqualTo("simulated");
    assertThat(document.path("receivedMs").asLong()).isEqualTo(10_000);
    assertThat(document.path("gaps").path(0).path("reason").asString()).isEqualTo("log_lost");
    assertThat(document.path("statistics").path("durationMs").asLong()).isEqualTo(3_662_000);
    assertThat(document.path("statistics").path("talkMs").asLong()).isEqualTo(2_496);
    assertThat(document.path("statistics").path("untranscribedMs").asLong()).isEqualTo(3_200);
    assertThat(document.path("statistics").path("speakers").path(0).path("words").asLong())
        .isEqualTo(2);
    assertThat(document.path("entries").values())
        .extracting(entry -> entry.path("type").asString())
        .containsExactly("final", "gap", "final", "ended");
    assertThat(document.path("entries").path(0).path("id").asString()).isEqualTo("24000-0");
    assertThat(document.path("entries").path(0).path("seq").asLong()).isEqualTo(1);
    assertThat(document.path("entries").path(0).path("words").path(0).path("confidence").asDouble())
        .isEqualTo(0.9);
    assertThat(document.path("entries").path(3).path("complete").asBoolean()).isFalse();
  }

  /// A long utterance on one channel ends after short ones of the other that began later.
  @ParameterizedTest
  @EnumSource(names = {"JSON", "TXT", "VTT", "SRT"})
  void pages_makeTheSameDocumentAsOnePage(TranscriptFormat format) {
    List<TranscriptEntry> transcript =
        List.of(
            finalOf(1, Words.words("a", 0, 2_000, 3_000, "second")),
            finalOf(2, Words.words("b", 0, 4_000, 5_000, "third")),
            finalOf(3, Words.words("c", 1, 500, 6_000, "first")),
            new TranscriptEntry.Gap("100000-1", Link.NONE, 6_000, 6_500, "log_lost"),
            finalOf(4, Words.words("d", 1, 4_000, 7_000, "with third")),
            new TranscriptEntry.Ended("200000-9", Link.NONE, "stop", 7_000, false));

    for (int size = 1; size < transcript.size(); size++) {
      assertThat(inPages(format, transcript, size)).isEqualTo(write(format, transcript));
    }
  }

  private static String inPages(
      TranscriptFormat format, List<TranscriptEntry> transcript, int size) {
    TranscriptSummary summary = new TranscriptSummary();
    List<List<TranscriptEntry>> pages = new ArrayList<>();
    for (int from = 0; from < transcript.size(); from += size) {
      pages.add(transcript.subList(from, Math.min(transcript.size(), from + size)));
    }
    pages.forEach(summary::add);
    Document document = TranscriptExport.document(format, new ExportedCall(CALL, summary, false));
    StringBuilder text = new StringBuilder(document.begin());
    pages.forEach(page -> text.append(document.page(page)));
    return text.append(document.end()).toString();
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

  private static TranscriptEntry finalOf(long seq, Speech words) {
    return new TranscriptEntry.Final(words.endMs() * 16 + "-0", Link.NONE, seq, words);
  }

  private static String write(TranscriptFormat format, List<TranscriptEntry> transcript) {
    return TranscriptExport.write(format, CALL, transcript, false);
  }
}
