package io.verbatim.gateway.translations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbatim.batch.webhook.WebhookNetwork;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.testkit.providers.ChatTranslations;
import io.verbatim.testkit.providers.WebhookReceiver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Texts over HTTP, and every way in which they can fail, each with its status and its sentence.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranslationsTest {

  private static final String HELLO = "{\"text\":\"Hello. \",\"target_language\":\"es\"}";
  private static final String SECRET = "0123456789abcdef";

  private final TranslationGateway texts =
      new TranslationGateway(
          Map.of("TRANSLATIONS_MAX", "2", "PROVIDER_TIMEOUT", "5s", "REQUEST_TIMEOUT", "1s"),
          Map.of());

  /// Without any key.
  private final TranslationGateway inactive =
      new TranslationGateway(
          Map.of("OPENAI_API_KEY", "", "DEEPSEEK_API_KEY", "", "GOOGLE_API_KEY", ""), Map.of());

  @TempDir Path directory = Path.of("");

  @AfterAll
  void close() {
    texts.close();
    inactive.close();
  }

  @AfterEach
  void noSlotIsInUse() {
    texts.openAi.release();
    await().until(() -> texts.used() == 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "openai   | {\"text\":\"Hello. \",\"source_language\":\"en\",\"target_language\":\"es\"} |"
            + " {\"translated_text\":\"[es] Hello. \",\"source_language\":\"en\","
            + "\"detected_source_language\":\"en\",\"target_language\":\"es\","
            + "\"model_used\":\"gpt-4o-mini\",\"service\":\"openai\",\"chunks_processed\":1,"
            + "\"total_chunks\":1}",
        "google   | {\"text\":\"Hello\",\"target_language\":\"pt_br\"} |"
            + " {\"translated_text\":\"[pt-BR] Hello\",\"source_language\":\"auto\","
            + "\"detected_source_language\":\"en\",\"target_language\":\"pt_br\","
            + "\"model_used\":\"nmt\",\"service\":\"google\",\"chunks_processed\":1,"
            + "\"total_chunks\":1}",
        "google   | {\"text\":\"Hello\",\"source_language\":\"en\",\"target_language\":\"fr\"} |"
            + " {\"translated_text\":\"[fr] Hello\",\"source_language\":\"en\","
            + "\"target_language\":\"fr\",\"model_used\":\"nmt\",\"service\":\"google\","
            + "\"chunks_processed\":1,\"total_chunks\":1}",
        "deepseek | {\"text\":\"Hello\",\"target_language\":\"Spanish\",\"model\":"
            + "\"deepseek-v4-pro\"} | {\"translated_text\":\"[es] Hello\","
            + "\"source_language\":\"auto\",\"detected_source_language\":\"en\","
            + "\"target_language\":\"Spanish\",\"model_used\":\"deepseek-v4-pro\","
            + "\"service\":\"deepseek\",\"chunks_processed\":1,\"total_chunks\":1}",
      })
  void text_isTranslated(String service, String body, String expected) {
    HttpResponse<String> answer = texts.post(service, body);

    assertThat(json(answer)).isEqualTo(JsonMapper.shared().readTree(expected));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void forms_areReadToo() {
    HttpResponse<String> form =
        texts.post(
            "openai",
            "application/x-www-form-urlencoded",
            "text=A+%26+B%20%F0%9F%98%80&target_language=es");
    String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    HttpResponse<String> multipart =
        texts.post(
            "openai",
            "multipart/form-data; boundary=b",
            part.formatted("text", "A & B 😀")
                + part.formatted("target_language", "es")
                + "--b--\r\n");

    assertThat(json(form).path("translated_text").asString()).isEqualTo("[es] A & B 😀");
    assertThat(json(multipart).path("translated_text").asString()).isEqualTo("[es] A & B 😀");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"text\":\"  \",\"target_language\":\"es\"} | Text cannot be empty",
        "{\"text\":\"Hello\"}                         | Missing required field: target_language",
        "{\"target_language\":\"es\"}                 | Missing required field: text",
        "{\"text\":\"a\",\"target_language\":\"xx\"}  | OpenAI translation failed: target_language"
            + " \"xx\" is invalid. Use a language code such as es or pt-BR, or an English name.",
        "{\"text\":\"a\",\"target_language\":\"es\",\"source_language\":\"?\"} | OpenAI translation"
            + " failed: source_language \"?\" is invalid. Use a language code such as es or pt-BR,"
            + " or an English name or auto.",
        "{\"text\":\"a\",\"target_language\":\"es\",\"model\":\"a b\"} | OpenAI translation failed:"
            + " model \"a b\" is invalid. Use 1 to 64 letters, digits, '.', '_', ':', '/' or '-'.",
        "{\"text\":\"a\",\"target_language\":\"es\",\"model\":\"other\"} | OpenAI translation"
            + " failed: OpenAI rejected the request: The model `other` does not exist.",
        "{\"text\":5}                                 | OpenAI translation failed: text must be a"
            + " string.",
        "[]                                           | OpenAI translation failed: The body must be"
            + " a JSON object, or a form.",
        "{                                            | OpenAI translation failed: The body must be"
            + " a JSON object, or a form.",
      })
  void invalidRequest_isRefusedWith400(String body, String sentence) {
    HttpResponse<String> answer = texts.post("openai", body);

    assertThat(json(answer).path("error").asString()).isEqualTo(sentence);
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openai   | OpenAI translation failed: OPENAI_API_KEY is not set on this gateway.",
        "google   | Google translation failed: GOOGLE_API_KEY or GOOGLE_APPLICATION_CREDENTIALS is"
            + " not set on this gateway.",
        "deepseek | DeepSeek translation failed: DEEPSEEK_API_KEY is not set on this gateway.",
      })
  void missingKey_isNamed(String service, String sentence) {
    HttpResponse<String> answer = inactive.post(service, HELLO);

    assertThat(json(answer).path("error").asString()).isEqualTo(sentence);
    assertThat(answer.statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "401 | {\"error\":{\"code\":\"invalid_api_key\"}} | 502 | OpenAI refused the key in"
            + " OPENAI_API_KEY.",
        "429 | {\"error\":{\"code\":\"insufficient_quota\"}} | 502 | OpenAI reports that the quota"
            + " is used up.",
        "402 | {\"error\":{\"message\":\"Insufficient Balance\"}} | 502 | OpenAI reports that the"
            + " quota is used up.",
        "400 | {\"error\":{\"message\":\"too long\"}} | 400 | OpenAI rejected the request: too"
            + " long",
        "504 | {} | 504 | OpenAI needed too long for the request.",
        "200 | {} | 502 | OpenAI sent an answer without a choice.",
        "200 | {\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"Hola\"}}]} |"
            + " 502 | OpenAI sent an answer without a translation.",
        "200 | {\"choices\":[{\"finish_reason\":\"content_filter\"}]} | 400 | OpenAI rejected the"
            + " text as inappropriate.",
      })
  void refusalOfProvider_isReported(int given, String body, int status, String sentence) {
    texts.openAi.answerNext(given, body);

    HttpResponse<String> answer = texts.post("openai", HELLO);

    assertThat(json(answer).path("error").asString())
        .isEqualTo("OpenAI translation failed: " + sentence);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("oa-key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "403 | {\"error\":{\"errors\":[{\"reason\":\"dailyLimitExceeded\"}]}} | 502 | Google"
            + " reports that the quota is used up.",
        "400 | {\"error\":{\"details\":[{\"reason\":\"API_KEY_INVALID\"}]}} | 502 | Google refused"
            + " the key in GOOGLE_API_KEY.",
        "403 | {\"error\":{\"errors\":[{\"reason\":\"forbidden\"}]}} | 502 | Google refused the key"
            + " in GOOGLE_API_KEY.",
      })
  void refusalOfGoogle_isReported(int given, String body, int status, String sentence) {
    texts.google.answerNext(given, body);

    HttpResponse<String> answer = texts.post("google", HELLO);

    assertThat(json(answer).path("error").asString())
        .isEqualTo("Google translation failed: " + sentence);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void providerWithTooManyRequests_isAskedAgain() {
    texts.openAi.answerNext(429, "", "Retry-After", "0");
    texts.openAi.answerNext(503, "");

    assertThat(texts.post("openai", HELLO).statusCode()).isEqualTo(200);
  }

  @Test
  void providerThatAsksForALongPause_isReportedAtOnce() {
    texts.openAi.answerNext(429, "", "Retry-After", "100");

    HttpResponse<String> answer = texts.post("openai", HELLO);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("100");
  }

  @Test
  void slowProvider_isReportedWith504() {
    texts.openAi.stallNext();

    HttpResponse<String> answer = texts.post("openai", HELLO);

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(json(answer).path("error").asString())
        .isEqualTo("OpenAI translation failed: OpenAI did not answer within 5 s.");
  }

  @Test
  void longTextInJsonEscapes_isTranslated_andLongerOneIsRefusedWith413() {
    String body = "{\"target_language\":\"es\",\"text\":\"%s\"}";
    String longest = "\\u4f60\\u597d\\u3002".repeat(40_000);

    HttpResponse<String> answer = texts.post("openai", body.formatted(longest));

    assertThat(json(answer).path("total_chunks").asInt()).isEqualTo(8);
    HttpResponse<String> longer = texts.post("openai", body.formatted(longest + "!"));
    assertThat(longer.statusCode()).isEqualTo(413);
    assertThat(json(longer).path("error").asString())
        .startsWith("OpenAI translation failed: The text has about 120001 tokens.");
    HttpResponse<String> huge = texts.post("openai", body.formatted("x".repeat(1_500_000)));
    assertThat(huge.statusCode()).isEqualTo(413);
  }

  @Test
  void textsOverTheLimit_areRefusedWith503() {
    texts.openAi.hold();
    int before = texts.openAi.requests();
    CompletableFuture<HttpResponse<String>> one = postAsync();
    CompletableFuture<HttpResponse<String>> two = postAsync();
    await().until(() -> texts.openAi.requests() == before + 2);

    HttpResponse<String> third = texts.post("google", HELLO);

    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(third.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(json(third).path("error").asString())
        .isEqualTo(
            "Google translation failed: The gateway works on 2 texts already. Try again later.");
    texts.openAi.release();
    assertThat(one.join().statusCode()).isEqualTo(200);
    assertThat(two.join().statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<String>> postAsync() {
    return CompletableFuture.supplyAsync(() -> texts.post("openai", HELLO));
  }

  @Test
  void clientThatDisconnects_freesItsSlot() throws IOException {
    texts.openAi.hold();
    int before = texts.openAi.requests();
    try (Socket client = connect(HELLO.length(), HELLO)) {
      assertThat(client.isConnected()).isTrue();
      await().until(() -> texts.openAi.requests() == before + 1);
    }

    await().until(() -> texts.used() == 0);
  }

  @Test
  void bodyThatDoesNotArrive_isRefusedWith408() throws IOException {
    try (Socket client = connect(HELLO.length() + 1, HELLO)) {
      String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer)
          .startsWith("HTTP/1.1 408")
          .contains("OpenAI translation failed: The body did not arrive within 1 s.");
    }
  }

  private Socket connect(int length, String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), texts.gateway.port());
    OutputStream out = socket.getOutputStream();
    List<String> head =
        List.of(
            "POST /translations/openai HTTP/1.1",
            "Host: a",
            "Authorization: Bearer " + TranslationGateway.TOKEN,
            "Content-Type: application/json",
            "Content-Length: " + length,
            "",
            body);
    out.write(String.join("\r\n", head).getBytes(StandardCharsets.UTF_8));
    out.flush();
    return socket;
  }

  @Test
  void tokenWithoutScope_isRefused_andUnknownServiceIsNotFound() {
    String reader = TestTokens.agentOf("acme");
    HttpResponse<String> refused =
        texts.gateway.send(
            texts
                .gateway
                .request("/translations/openai", reader, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(HELLO)));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("translations:write");
    assertThat(texts.post("bing", HELLO).statusCode()).isEqualTo(404);
  }

  @Test
  void webhook_getsTheTextsForDeepSeek()
      throws IOException, GeneralSecurityException, InterruptedException {
    try (WebhookReceiver receiver = new WebhookReceiver(SECRET, directory);
        TranslationGateway forwarding =
            new TranslationGateway(
                Map.of(
                    "TRANSLATION_WEBHOOK_URL",
                    receiver.url().toString(),
                    "TRANSLATION_WEBHOOK_SECRET",
                    SECRET,
                    "DEEPSEEK_API_KEY",
                    ""),
                Map.of(
                    "webhookNetwork",
                    new WebhookNetwork(InetAddress::isLoopbackAddress, receiver.trusting())))) {
      HttpResponse<String> answer = forwarding.post("deepseek", HELLO);

      assertThat(answer.body()).isEqualTo("{\"message\":\"Request sent to external service\"}");
      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode sent = JsonMapper.shared().readTree(receiver.bodies().getFirst());
      assertThat(sent.path("text").asString()).isEqualTo("Hello. ");
      assertThat(sent.path("target_language").asString()).isEqualTo("es");
      assertThat(forwarding.post("openai", HELLO).body()).contains("[es] Hello.");

      receiver.answerWith(500);
      HttpResponse<String> failed = forwarding.post("deepseek", HELLO);
      assertThat(failed.statusCode()).isEqualTo(502);
      assertThat(json(failed).path("error").asString())
          .isEqualTo("DeepSeek translation failed: The webhook answered with status 500.");
    }
  }

  @Test
  void webhookOnLoopback_isRefusedUnlessATestAllowsIt() {
    try (TranslationGateway forwarding =
        new TranslationGateway(
            Map.of(
                "TRANSLATION_WEBHOOK_URL",
                "https://127.0.0.1:1/hook",
                "TRANSLATION_WEBHOOK_SECRET",
                SECRET),
            Map.of())) {
      assertThat(json(forwarding.post("deepseek", HELLO)).path("error").asString())
          .isEqualTo(
              "DeepSeek translation failed: The host in TRANSLATION_WEBHOOK_URL has an address that"
                  + " is not public.");
    }
  }

  @Test
  void outcomes_areCounted() {
    try (ChatTranslations away = new ChatTranslations("x");
        TranslationGateway counting =
            new TranslationGateway(Map.of("DEEPSEEK_URL", away.url().toString()), Map.of())) {
      counting.post("openai", HELLO);
      counting.post("deepseek", HELLO);

      assertThat(counting.gateway.metrics())
          .contains(
              "verbatim_gateway_translations_total{outcome=\"translated\",service=\"openai\"} 1.0",
              "verbatim_gateway_translations_total{outcome=\"failed\",service=\"deepseek\"} 1.0",
              "verbatim_gateway_translations_running 0.0");
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }
}
