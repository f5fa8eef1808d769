package io.verbatim.gateway.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import io.verbatim.batch.job.BatchTranscriptions;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.testkit.providers.DeepgramRecordings;
import io.verbatim.testkit.providers.GoogleTranslations;
import io.verbatim.testkit.providers.NumberedSpeech;
import io.verbatim.testkit.providers.WhisperRecordings;
import io.verbatim.testkit.redis.RedisExtension;
import io.verbatim.testkit.redis.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page of recordings: upload, progress, result, files, and every failure in words.
@ExtendWith({RedisExtension.class, Chromium.Extension.class})
@Timeout(120)
class RecordingsIT {

  private static final int WORK_TIMEOUT_MS = 60_000;

  private final DeepgramRecordings deepgram = new DeepgramRecordings("dg-key");
  private final WhisperRecordings whisper = new WhisperRecordings("oa-key");
  private final GoogleTranslations google = new GoogleTranslations("go-key");
  private final PageFixture fixture;
  private final Page page;

  RecordingsIT(RedisServer redis, Chromium chromium, @TempDir Path directory) {
    fixture =
        new PageFixture(
            redis,
            chromium,
            Map.of(
                "DEEPGRAM_API_KEY", "dg-key",
                "DEEPGRAM_URL", deepgram.url().toString(),
                "OPENAI_API_KEY", "oa-key",
                "OPENAI_URL", whisper.url().toString(),
                "GOOGLE_API_KEY", "go-key",
                "GOOGLE_URL", google.url().toString(),
                "BATCH_DIRECTORY", directory.toString(),
                "BATCH_MIN_FREE", "0B",
                "MAX_UPLOAD", "60MB"));
    page = fixture.page;
  }

  @AfterEach
  void close() {
    fixture.close();
    deepgram.close();
    whisper.close();
    google.close();
  }

  /// Opens the page with a session that has these scopes.
  private void open(String scopes) {
    page.navigate(fixture.address("/"));
    page.evaluate(
        "token => fetch('/v1/session', {method: 'POST', headers: {Authorization: `Bearer"
            + " ${token}`}})",
        TestTokens.token(
            claims -> claims.claim("tenant_id", PageFixture.TENANT).claim("scope", scopes)));
    page.navigate(fixture.address("/recordings"));
  }

  private void open() {
    open("transcripts:read transcriptions:write translations:write");
    assertThat(page.locator("#recording-form")).isVisible();
  }

  private void begin(byte[] file) {
    page.locator("#file").setInputFiles(new FilePayload("a call.wav", "audio/wav", file));
    page.locator("#transcribe").click();
  }

  /// Uploads a file and waits until its work is over.
  private void transcribe(byte[] file) {
    begin(file);
    awaitEnd();
  }

  private void awaitEnd() {
    assertThat(page.locator("#work"))
        .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(WORK_TIMEOUT_MS));
  }

  private int used() {
    return fixture.gateway.bean(BatchTranscriptions.class).used();
  }

  @Test
  void recording_isShownWithSpeakersAndTimes_andSavedInEveryFormat() throws IOException {
    open();
    assertThat(page.locator("#service option"))
        .hasText(new String[] {"Deepgram", "Whisper", "Video, by Whisper"});

    transcribe(NumberedSpeech.wav(6));

    assertThat(page.locator("#result"))
        .hasText("0:06 and 6 words, transcribed by Deepgram (nova-2).");
    assertThat(page.locator("#lines .words")).hasText(new String[] {"w0 w1 w2 w3", "w4 w5"});
    assertThat(page.locator("#lines .speaker")).hasText(new String[] {"Speaker 1", "Speaker 2"});
    assertThat(page.locator("#lines .at")).hasText(new String[] {"0:00", "0:04"});
    assertThat(saved("txt")).contains("[00:00:04] Speaker 2: w4 w5");
    assertThat(saved("srt")).contains("00:00:04,200 --> 00:00:05,800");
    assertThat(saved("vtt")).startsWith("WEBVTT");
    assertThat(saved("json")).contains("\"transcribedMs\":6000");
    assertThat(Axe.findings(page)).isEmpty();
  }

  private String saved(String format) throws IOException {
    var download =
        page.waitForDownload(() -> page.locator("#files a[download$='." + format + "']").click());
    assertThat(download.suggestedFilename()).isEqualTo("a call." + format);
    return Files.readString(download.path());
  }

  /// 30 MB over a connection of 10 MB/s, cut into two parts. The second one is tried three times.
  @Test
  void largeRecording_showsTheProgressOfUploadAndWork(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("long.wav"), NumberedSpeech.wav(940));
    whisper.answerNext(200, "{\"text\":\"first\",\"duration\":1,\"segments\":[],\"words\":[]}");
    whisper.answerNext(503, "");
    whisper.answerNext(503, "");
    open();
    var network = fixture.browser.newCDPSession(page);
    network.send("Network.enable");
    network.send(
        "Network.emulateNetworkConditions",
        JsonParser.parseString(
                "{\"offline\":false,\"latency\":0,\"downloadThroughput\":-1,\"uploadThroughput\":10000000}")
            .getAsJsonObject());
    page.locator("#service").selectOption("whisper");
    page.evaluate(
        """
        () => {
          window.seen = [];
          new MutationObserver(() => window.seen.push(document.getElementById("result").textContent))
              .observe(document.getElementById("result"), { childList: true });
        }
        """);

    page.locator("#file").setInputFiles(file);
    page.locator("#transcribe").click();
    awaitEnd();

    assertThat(page.locator("#result"))
        .hasText(
            Pattern.compile("15:40 and \\d+ words, transcribed by Whisper \\(whisper-1\\)\\."));
    assertThat(seen())
        .anySatisfy(text -> assertThat(text).matches("Uploading, [1-9]0 %\\."))
        .contains("Transcribing, 1 of 2 parts.");
    assertThat(page.locator("#lines")).containsText("w938 w939");
  }

  @SuppressWarnings("unchecked")
  private List<String> seen() {
    return new ArrayList<>((List<String>) page.evaluate("window.seen"));
  }

  @Test
  void reload_continuesWithTheSameWork() {
    deepgram.answerNext(503, ""); // The second try comes later.
    open();
    begin(NumberedSpeech.wav(3));
    page.waitForURL(Pattern.compile("job="));

    page.reload();

    assertThat(page.locator("#lines .words"))
        .hasText(
            new String[] {"w0 w1 w2"},
            new LocatorAssertions.HasTextOptions().setTimeout(WORK_TIMEOUT_MS));
    assertThat(deepgram.requests()).isEqualTo(2);
  }

  @Test
  void cancel_endsTheWork() {
    deepgram.stallNext();
    open();
    begin(NumberedSpeech.wav(3));
    assertThat(page.locator("#result")).hasText("Transcribing.");

    page.locator("#cancel").click();

    assertThat(page.locator("#result")).hasText("Cancelled.");
    await().until(() -> used() == 0);
    transcribe(NumberedSpeech.wav(2));
    assertThat(page.locator("#lines .words")).hasText(new String[] {"w0 w1"});
  }

  @Test
  void failures_areShownInWords() {
    open();

    transcribe(NumberedSpeech.silence(300));
    checkProblem("The recording is 300 ms long. Use at least 500 ms.");
    transcribe("text".getBytes(StandardCharsets.UTF_8));
    checkProblem("The file's format is not supported.");
    deepgram.answerNext(401, "{}");
    transcribe(NumberedSpeech.wav(1));
    checkProblem("Deepgram refused the key in DEEPGRAM_API_KEY.");
    transcribe(NumberedSpeech.silence(1000));
    assertThat(page.locator("#result")).hasText("No speech was recognised in the recording.");
    assertThat(page.locator("#problem")).isHidden();
  }

  @Test
  void text_isTranslated() {
    open();
    translate("Good morning.\n\nHow are you?", "Spanish");

    assertThat(page.locator("#translated")).hasText("[es] Good morning. How are you?");
    assertThat(page.locator("#translation-result")).hasText("Translated from en by nmt.");
    assertThat(Axe.findings(page)).isEmpty();
  }

  @Test
  void failureOfTranslation_isShownInWords() {
    open();
    translate("Good morning.", "Klingonese");

    assertThat(page.locator("#translation-problem")).containsText("target_language \"Klingonese\"");
    assertThat(page.locator("#translated")).isHidden();
    google.answerNext(403, "{}");
    translate("Good morning.", "es");
    assertThat(page.locator("#translation-problem")).containsText("GOOGLE_API_KEY");
  }

  private void translate(String text, String target) {
    page.locator("#text").fill(text);
    page.locator("#target").fill(target);
    page.locator("#translator").selectOption("google");
    page.locator("#translate").click();
  }

  @Test
  void tooLargeFile_isNotUploaded() {
    open();
    page.evaluate(
        """
        () => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(61 * 2 ** 20)], "long.wav"));
          document.getElementById("file").files = files.files;
        }
        """);

    page.locator("#transcribe").click();

    checkProblem("The file has 61 MB. The gateway takes at most 60 MB.");
  }

  private void checkProblem(String sentence) {
    assertThat(page.locator("#problem")).containsText(sentence);
    assertThat(page.locator("#work")).isHidden();
  }

  @Test
  void sessionWithoutScope_isNamed() {
    open("transcripts:read");

    assertThat(page.locator("#problem")).containsText("transcriptions:write");
    assertThat(page.locator("#translation-problem")).containsText("translations:write");
    assertThat(page.locator("#recording-form")).isHidden();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1280x800 200%", "320x640 100%", "390x844 200%"})
  void largeTextAndSmallWindows_cutNothing(String window) {
    String[] sizes = window.split("[x %]", -1);
    page.setViewportSize(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
    open();
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", sizes[2] + "%");
    transcribe(NumberedSpeech.wav(6));
    assertThat(page.locator("#lines li")).hasCount(2);

    AccessibilityIT.checkNothingIsCut(page, "recordings");
  }
}
