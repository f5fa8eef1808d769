package io.verbatim.batch.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.google.ServiceAccount;
import io.verbatim.batch.job.BatchSettings.Account;
import io.verbatim.batch.translation.TranslationSettings.GoogleAccount;
import io.verbatim.batch.translator.TranslationProvider;
import io.verbatim.batch.webhook.WebhookNetwork;
import io.verbatim.testkit.providers.ChatTranslations;
import io.verbatim.testkit.providers.GoogleTranslations;
import io.verbatim.testkit.providers.TranslationServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranslationsTest {

  private static final int CUT_ABOVE = 20_000;

  @TempDir Path directory = Path.of("");

  private final ChatTranslations openAi =
      new ChatTranslations("oa-key", Integer.MAX_VALUE, TranslationsTest::upper);
  private final ChatTranslations deepSeek =
      new ChatTranslations("ds-key", CUT_ABOVE, TranslationsTest::upper);
  private final GoogleTranslations google =
      new GoogleTranslations("go-key", TranslationsTest::upper);
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  @AfterEach
  void close() {
    List.of(openAi, deepSeek, google).forEach(TranslationServer::close);
  }

  /// A translation of the same length, so that a lost blank is noticed.
  private static String upper(String text, String target) {
    return text.toUpperCase(Locale.ROOT);
  }

  private Translations open(GoogleAccount account) {
    TranslationSettings settings =
        new TranslationSettings(
            2,
            Duration.ofSeconds(10),
            Optional.of(new Account(openAi.url(), "oa-key")),
            Optional.of(new Account(deepSeek.url(), "ds-key")),
            Optional.of(account),
            Optional.empty(),
            Optional.empty());
    InstantSource clock = now::get;
    return Translations.open(settings, WebhookNetwork.internet(), clock);
  }

  private Translations open() {
    return open(new GoogleAccount(google.url(), Optional.of("go-key"), Optional.empty()));
  }

  private static TranslationRequest request(TranslationProvider provider, String text) {
    return TranslationRequest.of(provider, Map.of("text", text, "target_language", "es"));
  }

  /// Sentences of different lengths, with blanks of several kinds between them.
  private static String sentences(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "sentence %d is %s.%s".formatted(i, "x".repeat(i % 37), blank(i)))
        .collect(Collectors.joining());
  }

  private static String blank(int i) {
    return switch (i % 5) {
      case 0 -> "  ";
      case 1 -> "\n\n";
      case 2 -> "\t";
      default -> " ";
    };
  }

  @Test
  void longText_isTranslatedInChunksAndJoinedInOrder() throws InterruptedException {
    String text = " " + sentences(5_000) + " ";
    for (TranslationProvider provider : TranslationProvider.values()) {
      try (Translations translations = open()) {
        TranslationResult result = translations.translate(request(provider, text));

        assertThat(result.text()).as(provider.title()).isEqualTo(upper(text, "es"));
        assertThat(result.chunks()).isEqualTo((text.length() - 1) / 60_000 + 1);
        assertThat(result.detectedLanguage()).contains("en");
      }
    }
    assertThat(openAi.translated()).hasSize((text.length() - 1) / 60_000 + 1);
    assertThat(google.translated()).allMatch(each -> each.text().length() <= 5_000);
  }

  @Test
  void answerThatTheModelCut_isRepeatedInHalves() throws InterruptedException {
    String text = sentences(2_000).substring(0, 50_000);
    try (Translations translations = open()) {
      TranslationResult result =
          translations.translate(request(TranslationProvider.DEEPSEEK, text));

      assertThat(result.text()).isEqualTo(upper(text, "es"));
      assertThat(result.chunks()).isEqualTo(1);
      assertThat(deepSeek.translated())
          .hasSizeBetween(3, 4)
          .allMatch(t -> t.text().length() <= CUT_ABOVE);
    }
  }

  @Test
  void textOverTheLimit_isRefused() {
    Map<String, String> fields = new HashMap<>(Map.of("target_language", "es"));
    fields.put("text", "x".repeat(480_000));
    assertThat(TranslationRequest.of(TranslationProvider.OPENAI, fields).text()).hasSize(480_000);

    fields.put("text", "x".repeat(480_001));
    BatchException refusal =
        catchThrowableOfType(
            BatchException.class, () -> TranslationRequest.of(TranslationProvider.OPENAI, fields));
    assertThat(refusal.kind()).isEqualTo(FailureKind.TOO_LARGE);
    assertThat(refusal.sentence())
        .isEqualTo("The text has about 120001 tokens. Use at most 120000, or several requests.");
  }

  @Test
  void slots_areBounded() {
    try (Translations translations = open()) {
      Translations.Slot one = translations.acquire();
      Translations.Slot two = translations.acquire();
      BatchException refusal = catchThrowableOfType(BatchException.class, translations::acquire);
      assertThat(refusal.kind()).isEqualTo(FailureKind.BUSY);

      two.close();
      two.close();
      assertThat(translations.used()).isEqualTo(1);
      one.close();
      assertThat(translations.used()).isZero();
    }
  }

  @Test
  void serviceAccount_usesItsAccessTokenUntilItExpires() throws IOException, InterruptedException {
    Path file = google.credentials(directory.resolve("account.json"));
    GoogleAccount account =
        new GoogleAccount(google.url(), Optional.empty(), Optional.of(ServiceAccount.read(file)));
    try (Translations translations = open(account)) {
      TranslationRequest request = request(TranslationProvider.GOOGLE, "hello");
      assertThat(translations.translate(request).text()).isEqualTo("HELLO");
      assertThat(translations.translate(request).text()).isEqualTo("HELLO");
      assertThat(google.issuedTokens()).isEqualTo(1);

      now.updateAndGet(before -> before.plusSeconds(3540));
      google.answerNext(
          200, "{\"access_token\":\"unknown\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
      BatchException refusal =
          catchThrowableOfType(BatchException.class, () -> translations.translate(request));
      assertThat(refusal.kind()).isEqualTo(FailureKind.KEY_REFUSED);
      assertThat(refusal.sentence())
          .isEqualTo("Google refused the key in GOOGLE_APPLICATION_CREDENTIALS.");

      now.set(Instant.now());
      assertThat(translations.translate(request).text()).isEqualTo("HELLO");
      assertThat(google.issuedTokens()).isEqualTo(2);
    }
  }

  @Test
  void serviceAccountThatGoogleDoesNotKnow_isReported() throws IOException {
    try (GoogleTranslations other = new GoogleTranslations("other")) {
      Path file = other.credentials(directory.resolve("account.json"));
      String json = Files.readString(file);
      Files.writeString(file, json.replace(other.url().toString(), google.url().toString()));
      GoogleAccount account =
          new GoogleAccount(google.url(), Optional.empty(), Optional.of(ServiceAccount.read(file)));
      try (Translations translations = open(account)) {
        BatchException refusal =
            catchThrowableOfType(
                BatchException.class,
                () -> translations.translate(request(TranslationProvider.GOOGLE, "hello")));
        assertThat(refusal.kind()).isEqualTo(FailureKind.KEY_REFUSED);
      }
    }
  }

  @Test
  void tokenUriWithoutTls_isRefused() throws IOException {
    Path file = directory.resolve("account.json");
    String json = Files.readString(google.credentials(file));
    Files.writeString(file, json.replace("http://127.0.0.1", "http://id.example"));

    assertThat(
            catchThrowableOfType(IllegalArgumentException.class, () -> ServiceAccount.read(file)))
        .hasMessage(
            "GOOGLE_APPLICATION_CREDENTIALS must name the key file of a service account, with"
                + " client_email, private_key and an https:// token_uri");
  }
}
