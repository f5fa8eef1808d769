package io.verbatim.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.fixture.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page's pure modules, each tested alone in a browser.
@ExtendWith(Chromium.Extension.class)
class PageModulesIT {

  private final InMemoryBus bus = new InMemoryBus();
  private final RunningGateway gateway = RunningGateway.on(bus, Map.of());
  private final BrowserContext browser;
  private final Page page;

  PageModulesIT(Chromium chromium) {
    browser = chromium.fresh();
    page = browser.newPage();
    page.navigate(gateway.uri("/").toString());
  }

  @AfterEach
  void close() {
    browser.close();
    gateway.close();
    bus.close();
  }

  /// Runs a function of a module's exports.
  private Object run(String module, String function) {
    return page.evaluate(
        "async () => (%s)(await import('/%s.js'))".formatted(function.strip(), module));
  }

  @Test
  void events_areReadFromPiecesOfAnySize() {
    String expected =
        "[{\"type\":\"final\",\"id\":\"7-0\",\"data\":\"{\\\"text\\\":\\\"ö: x\\\"}\"},"
            + "{\"type\":\"message\",\"id\":null,\"data\":\"a\\nb\"}]|1500";
    Object read =
        run(
            "sse",
            """
            ({ eventReader }) => {
              const text = ": beat\\n\\nretry: 1500\\nid: 7-0\\nevent: final\\ndata: {\\"text\\":\\"ö: x\\"}\\n\\n"
                  + "event: nothing\\n\\r\\ndata:a\\r\\ndata: b\\r\\nunknown\\r\\n\\r\\ndata: never ended";
              const results = new Set();
              for (let size = 1; size <= text.length; size++) {
                const events = [];
                let pause = 0;
                const feed = eventReader({ event: (event) => events.push(event), retry: (ms) => (pause = ms) });
                for (let at = 0; at < text.length; at += size) feed(text.slice(at, at + size));
                results.add(`${JSON.stringify(events)}|${pause}`);
              }
              return [...results];
            }
            """);

    assertThat(read).isEqualTo(List.of(expected));
  }

  @Test
  void transcript_dropsRepeatedFinalsAndStaleInterims() {
    Object shown =
        run(
            "transcript",
            """
            ({ Transcript }) => {
              const transcript = new Transcript();
              const words = (segment, startMs, endMs, more) => ({ segment, startMs, endMs, text: segment, channel: 0, ...more });
              const apply = (type, data) => transcript.apply({ type, data });
              const keys = () => [...transcript.lines, ...transcript.interims.values()].map(({ key }) => key).join();
              const seen = [];
              apply("interim", words("a", 0, 500));
              apply("interim", words("a", 0, 700));
              seen.push(keys());
              apply("final", words("a", 0, 900, { seq: 1 }));
              apply("final", words("a", 0, 900, { seq: 1 }));
              apply("interim", words("late", 400, 800));
              seen.push(keys());
              apply("interim", words("b", 900, 1000));
              apply("interim", words("c", 0, 1000, { channel: 1 }));
              seen.push(keys());
              apply("gap", { startMs: 900, endMs: 1500, reason: "retention" });
              apply("gap", { startMs: 900, endMs: 1500, reason: "retention" });
              seen.push(keys());
              seen.push(transcript.gapMillis);
              seen.push(transcript.speakers().join());
              transcript.interrupted();
              seen.push(transcript.caughtUp);
              apply("resync", {});
              seen.push(keys());
              return seen;
            }
            """);

    assertThat(shown)
        .isEqualTo(
            List.of(
                "segment a",
                "segment a",
                "segment a,segment b,segment c",
                "segment a,gap 900-1500",
                600,
                "c0,c1",
                false,
                ""));
  }

  @Test
  void alerts_matchWholeWordsInAnyCaseAndScript() {
    Object found =
        run(
            "matches",
            """
            ({ alerts }) => {
              const find = alerts(["Refund", "speak to a manager", "C++", "東京", "naïve", " "]);
              return ["No refunding", "a REFUND, please", "Speak  to a manager!", "in C++ code", "今東京です", "Naïve?", ""]
                  .map((text) => find(text).map(({ from, to, word }) => `${from}-${to} ${word}`).join());
            }
            """);

    assertThat(found)
        .isEqualTo(
            List.of(
                "", "2-8 Refund", "0-19 speak to a manager", "3-6 C++", "1-3 東京", "0-5 naïve", ""));
  }

  @Test
  void search_matchesLiterally() {
    Object found =
        run(
            "matches",
            """
            ({ search }) => ["a.b", "(x) y", "ÖL", "-", "  "].map((query) =>
                search(query)("A.B axb (X)  y Öl - öl").map(({ from, to }) => `${from}-${to}`).join())
            """);

    assertThat(found).isEqualTo(List.of("0-3", "8-14", "15-17,20-22", "18-19", ""));
  }

  @Test
  void pieces_coverTheTextOnce() {
    Object cut =
        run(
            "matches",
            """
            ({ pieces, unsure }) => [
              pieces("abcdef", { alert: [{ from: 1, to: 4 }], unsure: [{ from: 3, to: 6 }] })
                  .map(({ text, kinds }) => text + kinds.join("+")).join("|"),
              unsure("no no yes", [{ text: "no", confidence: 0.9 }, { text: "no", confidence: 0.2 }, { text: "gone", confidence: 0.1 }])
                  .map(({ from, to }) => `${from}-${to}`).join(),
            ]
            """);

    assertThat(cut).isEqualTo(List.of("a|bcalert|dalert+unsure|efunsure", "3-5"));
  }

  @Test
  void speakers_areDistinguishedByRecogniserOrChannel() {
    Object speakers =
        run(
            "transcript",
            """
            ({ Transcript }) => {
              const speakersOf = (...lines) => {
                const transcript = new Transcript();
                lines.forEach(([speaker, channel], seq) => transcript.apply({
                  type: "final",
                  data: { seq, segment: `s${seq}`, startMs: seq, endMs: seq + 1, text: "x", speaker, channel },
                }));
                return `${transcript.speakers()} ${transcript.lines.map((line) => transcript.speakerOf(line))}`;
              };
              return [speakersOf([null, 0]), speakersOf([1, 0], [0, 0], [1, 0]), speakersOf([0, 0], [null, 1])];
            }
            """);

    assertThat(speakers).isEqualTo(List.of("s0 s0", "s0,s1 s1,s0,s1", "c0,c1 c0,c1"));
  }

  @Test
  void names_dependOnTheAgent() {
    Object named =
        run(
            "speakers",
            """
            ({ names }) => [[["s0"], null], [["c0", "c1"], null], [["c0", "c1"], "c1"], [["s0", "s1", "s2"], "s1"], [["s0", "s1"], "c1"]]
                .map(([speakers, agent]) => [...names(speakers, agent).values()].join())
            """);

    assertThat(named)
        .isEqualTo(
            List.of(
                "Speaker 1",
                "Speaker 1,Speaker 2",
                "Customer,Agent",
                "Speaker 1,Agent,Speaker 3",
                "Speaker 1,Speaker 2"));
  }

  @Test
  void statistics_areDescribedInWords() {
    Object described =
        run(
            "statistics",
            """
            ({ describe, describeSpeaker }) => {
              const call = { talkMs: 62_000, silenceMs: 3_000, overlapMs: 0, untranscribedMs: 0, interruptions: 0, firstResponseMs: null };
              const speaker = { channel: null, speaker: 1, talkMs: 900, words: 1, wordsPerMinute: null, interruptions: 0 };
              return [
                describe(null, false),
                describe(undefined, false),
                describe(call, false),
                describe({ ...call, overlapMs: 1_000, untranscribedMs: 2_000, interruptions: 1, firstResponseMs: 310 }, true),
                describeSpeaker(speaker, new Map([["s1", "Agent"]])),
                describeSpeaker({ ...speaker, channel: 0, speaker: null, words: 8, wordsPerMinute: 150, interruptions: 2 }, new Map()),
              ];
            }
            """);

    assertThat(described)
        .isEqualTo(
            List.of(
                "Counting.",
                "The statistics are not available at the moment.",
                "So far: Speech 1:02 · silence 0:03",
                "Speech 1:02 · silence 0:03 · at the same time 0:01 · not transcribed 0:02"
                    + " · 1 interruption · first response after 310 ms",
                "Agent: 0:00 · 1 word",
                "Speaker 1: 0:00 · 8 words · 150 a minute · 2 interruptions"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clock(0)|0:00",
        "clock(3_661_000)|1:01:01",
        "clock(-5)|0:00",
        "seconds(3_240)|3.2 s",
        "seconds(3)|0.1 s",
        "delay(310)|310 ms",
        "delay(1_300)|1.3 s",
        "count(1, 'call')|1 call",
        "count(3, 'call')|3 calls",
        "languageTag('pt-BR')|pt-BR",
        "languageTag('multi')|null",
        "languageTag(null)|null",
        "timeOfDay('2026-03-01T10:00:00Z', new Date('2026-03-02T10:00:00Z'))|1 Mar, 10:00",
      })
  void format_isReadable(String call, String expected) {
    assertThat(run("format", "(format) => String(format." + call + ")")).isEqualTo(expected);
  }

  @Test
  void spokenWords_areLinesUntilAPauseOrAnotherSpeaker() {
    Object lines =
        run(
            "spoken-lines",
            """
            ({ linesOf }) => {
              const word = (word, start, speaker) => ({ word, start, end: start + 0.5, speaker });
              const long = Array.from({ length: 41 }, (_, i) => word(`l${i}`, 10 + i / 2));
              return linesOf([word("a", 0, 0), word("b", 1.2, 0), word("c", 2.6, 0), word("d", 3.1, 1), ...long])
                  .map(({ startMs, speaker, text }) => `${startMs} ${speaker} ${text.slice(0, 6)}`).join("|");
            }
            """);

    assertThat(lines)
        .isEqualTo("0 0 a b|2600 0 c|3100 1 d|10000 undefined l0 l1 |30000 undefined l40");
  }
}
