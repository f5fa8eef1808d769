package io.verbatim.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.verbatim.gateway.stage.RunningGateway;
import io.verbatim.pubsub.memory.InMemoryBus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page's pure modules, each by itself: values in, values out, where browsers run them.
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
  void events_areReadHoweverTheStreamIsCut() {
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
  void transcript_showsNoWordTwiceAndDropsStaleGuesses() {
    Object shown =
        run(
            "transcript",
            """
            ({ Transcript }) => {
              const transcript = new Transcript();
              const words = (segment, startMs, endMs, more) => ({ segment, startMs, endMs, text: segment, channel: 0, ...more });
              const tell = (type, data) => transcript.apply({ type, data });
              const say = () => [...transcript.lines, ...transcript.interims.values()].map(({ key }) => key).join();
              const seen = [];
              tell("interim", words("a", 0, 500));
              tell("interim", words("a", 0, 700));
              seen.push(say());
              tell("final", words("a", 0, 900, { seq: 1 }));
              tell("final", words("a", 0, 900, { seq: 1 }));
              tell("interim", words("late", 400, 800));
              seen.push(say());
              tell("interim", words("b", 900, 1000));
              tell("interim", words("c", 0, 1000, { channel: 1 }));
              seen.push(say());
              tell("gap", { startMs: 900, endMs: 1500, reason: "retention" });
              tell("gap", { startMs: 900, endMs: 1500, reason: "retention" });
              seen.push(say());
              seen.push(transcript.gapMillis);
              seen.push(transcript.voices().join());
              transcript.interrupted();
              seen.push(transcript.caughtUp);
              tell("resync", {});
              seen.push(say());
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
  void alerts_areWholeWordsInAnyCaseAndScript() {
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
  void search_takesWhatIsTypedLiterally() {
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
  void pieces_areTheWholeTextOnce() {
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
  void voices_areToldApartByEarAndByChannelWhereThereAreTwo() {
    Object voices =
        run(
            "transcript",
            """
            ({ Transcript }) => {
              const heard = (...lines) => {
                const transcript = new Transcript();
                lines.forEach(([speaker, channel], seq) => transcript.apply({
                  type: "final",
                  data: { seq, segment: `s${seq}`, startMs: seq, endMs: seq + 1, text: "x", speaker, channel },
                }));
                return `${transcript.voices()} ${transcript.lines.map((line) => transcript.voiceOf(line))}`;
              };
              return [heard([null, 0]), heard([1, 0], [0, 0], [1, 0]), heard([0, 0], [null, 1])];
            }
            """);

    assertThat(voices).isEqualTo(List.of("s0 s0", "s0,s1 s1,s0,s1", "c0,c1 c0,c1"));
  }

  @Test
  void names_followFromWhoTheAgentIs() {
    Object named =
        run(
            "voices",
            """
            ({ names }) => [[["s0"], null], [["c0", "c1"], null], [["c0", "c1"], "c1"], [["s0", "s1", "s2"], "s1"], [["s0", "s1"], "c1"]]
                .map(([voices, agent]) => [...names(voices, agent).values()].join())
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
        "gapReason('retention')|the recogniser was away for too long",
        "gapReason('new_reason')|new reason",
        "languageTag('pt-BR')|pt-BR",
        "languageTag('multi')|null",
        "languageTag(null)|null",
        "timeOfDay('2026-03-01T10:00:00Z', new Date('2026-03-02T10:00:00Z'))|1 Mar, 10:00",
      })
  void format_saysItInPeoplesWords(String call, String expected) {
    assertThat(run("format", "(format) => String(format." + call + ")")).isEqualTo(expected);
  }
}
