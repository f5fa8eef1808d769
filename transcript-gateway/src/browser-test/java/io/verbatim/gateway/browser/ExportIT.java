package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.verbatim.gateway.fixture.Words.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import fr.noop.subtitle.model.SubtitleCue;
import fr.noop.subtitle.model.SubtitleParsingException;
import fr.noop.subtitle.srt.SrtParser;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.gateway.fixture.TestCall;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The files that the page saves, during and after a call, read by other programs: Chromium's
/// WebVTT parser, a SubRip parser and a JSON parser.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
class ExportIT {

  private static final String GAP =
      "[2.0 s not transcribed: the recogniser was unavailable for too long]";

  private final PageFixture fixture;
  private final Page page;
  private TestCall call;

  ExportIT(RedisServer redis, Chromium chromium) {
    fixture = new PageFixture(redis, chromium);
    page = fixture.page;
  }

  @BeforeEach
  void speak() {
    call =
        fixture
            .calls
            .beginStereo("call-1", PageFixture.TENANT)
            .addFinal(words("a", 0, 0, 1_500, "Is <this> & that --> clear?"))
            .addFinal(words("b", 1, 500, 2_250, "Yes,\n\nit is {clear}."))
            .addGap(3_500, "retention")
            .addFinal(words("c", 1, 3_500, 4_000, "Köln, 東京."))
            .addFinal(words("d", 0, 3_600, 4_000, "Good."));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void vtt_isParsedByTheBrowser() throws IOException {
    fixture.openCall("call-1");
    String during = saved("vtt");
    assertThat(during).endsWith("NOTE\nThe call was still live when this was written.\n");
    assertThat(cues(during))
        .containsExactly(
            "1 0-1.5 start Speaker 1: Is <this> & that --> clear?",
            "2 0.5-2.25 end Speaker 2: Yes, it is {clear}.",
            "3 1.5-3.5 center : " + GAP,
            "4 3.5-4 end Speaker 2: Köln, 東京.",
            "5 3.6-4 start Speaker 1: Good.");

    call.end();
    assertThat(fixture.badge()).hasText("Ended with gaps");
    String after = saved("vtt");
    assertThat(after).doesNotContain("still live");
    assertThat(cues(after)).isEqualTo(cues(during));
  }

  /// The cues of a video's track, which is where browsers parse WebVTT.
  @SuppressWarnings("unchecked")
  private List<String> cues(String vtt) {
    Page player = fixture.browser.newPage();
    player.setContent("<video></video>");
    Object cues =
        player.evaluate(
            """
            vtt => new Promise((resolve, reject) => {
              const track = document.createElement("track");
              track.onerror = () => reject(new Error("not WebVTT"));
              track.onload = () => resolve([...track.track.cues].map(cue => {
                const voice = cue.getCueAsHTML().querySelector("[title]");
                return `${cue.id} ${cue.startTime}-${cue.endTime} ${cue.align} `
                    + `${voice?.title ?? ""}: ${cue.getCueAsHTML().textContent}`;
              }));
              track.src = URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
              document.querySelector("video").append(track);
              track.track.mode = "hidden";
            })
            """,
            vtt);
    player.close();
    return (List<String>) cues;
  }

  @Test
  void srt_isParsedByAnotherLibrary() throws IOException, SubtitleParsingException {
    fixture.openCall("call-1");
    call.end();
    Download file = download("srt");

    try (InputStream in = Files.newInputStream(file.path())) {
      List<SubtitleCue> cues = new SrtParser("UTF-8").parse(in).getCues();
      assertThat(cues)
          .extracting(cue -> cue.getId() + " " + cue.getStartTime() + " " + cue.getEndTime())
          .containsExactly(
              "1 00:00:00.000 00:00:01.500",
              "2 00:00:00.500 00:00:02.250",
              "3 00:00:01.500 00:00:03.500",
              "4 00:00:03.500 00:00:04.000",
              "5 00:00:03.600 00:00:04.000");
      assertThat(cues)
          .extracting(SubtitleCue::getText)
          .containsExactly(
              "Speaker 1: Is ＜this> & that --＞ clear?",
              "Speaker 2: Yes, it is ｛clear}.",
              GAP,
              "Speaker 2: Köln, 東京.",
              "Speaker 1: Good.");
    }
    assertThat(file.suggestedFilename()).isEqualTo("call-1.srt");
  }

  @Test
  void json_isCompleteDuringAndAfterTheCall() throws IOException {
    fixture.openCall("call-1");
    JsonNode during = JsonMapper.shared().readTree(saved("json"));
    assertThat(during.path("state").asString()).isEqualTo("live");
    assertThat(during.path("from").asString()).isEqualTo("…7890");
    assertThat(during.path("entries").size()).isEqualTo(5);

    call.end();
    assertThat(fixture.badge()).hasText("Ended with gaps");
    JsonNode after = JsonMapper.shared().readTree(saved("json"));
    assertThat(after.path("state").asString()).isEqualTo("ended");
    assertThat(after.path("gapMs").asLong() + after.path("transcribedMs").asLong())
        .isEqualTo(after.path("receivedMs").asLong());
    assertThat(after.path("entries").size()).isEqualTo(6);
    assertThat(after.path("entries").values().stream().toList().getLast().path("type").asString())
        .isEqualTo("ended");
  }

  @Test
  void txt_matchesTheScreen() throws IOException {
    fixture.openCall("call-1");

    assertThat(saved("txt"))
        .startsWith("Call call-1\nFrom …7890 to …4567\nBegan ")
        .endsWith(
            """

            [00:00:00] Speaker 1: Is <this> & that --> clear?
            [00:00:00] Speaker 2: Yes, it is {clear}.
            [00:00:01] (2.0 s not transcribed: the recogniser was unavailable for too long)
            [00:00:03] Speaker 2: Köln, 東京.
            [00:00:03] Speaker 1: Good.
            (The call was still live when this was written.)
            """);
    assertThat(
            fixture
                .gateway
                .get("/v1/calls/call-1/transcript?format=txt", TestTokens.agentOf("globex"))
                .statusCode())
        .isEqualTo(404);
  }

  private String saved(String format) throws IOException {
    return Files.readString(download(format).path());
  }

  private Download download(String format) {
    return page.waitForDownload(() -> page.locator("#files").getByText(format, exact()).click());
  }

  private static Locator.GetByTextOptions exact() {
    return new Locator.GetByTextOptions().setExact(true);
  }
}
