package io.verbatim.batch.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.google.TranslateAnswer.Translation;
import io.verbatim.batch.provider.ProviderCall;
import io.verbatim.batch.provider.ProviderClient;
import io.verbatim.batch.translator.TextChunks;
import io.verbatim.batch.translator.TranslatedText;
import io.verbatim.batch.translator.TranslationOptions;
import io.verbatim.batch.translator.Translator;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Translates with Google, in requests of at most 5,000 characters, which is what Google
/// recommends.
public final class GoogleTranslator implements Translator {

  private static final String TITLE = "Google";
  private static final int MAX_CODE_POINTS = 5_000;

  private final ProviderClient client;
  private final GoogleCredentials credentials;
  private final URI address;
  private final Duration timeout;

  /// @param base scheme and host
  /// @param timeout of one request
  public GoogleTranslator(
      ProviderClient client, GoogleCredentials credentials, URI base, Duration timeout) {
    this.client = client;
    this.credentials = credentials;
    this.address = base.resolve("/language/translate/v2");
    this.timeout = timeout;
  }

  @Override
  public TranslatedText translate(String text, TranslationOptions options)
      throws InterruptedException {
    StringBuilder translation = new StringBuilder();
    Optional<String> language = Optional.empty();
    for (String part : TextChunks.cut(text, MAX_CODE_POINTS, _ -> 1)) {
      String stripped = part.stripTrailing();
      if (!stripped.isEmpty()) {
        Translation translated = send(stripped, options);
        translation.append(translated.translatedText());
        language = language.or(() -> Optional.ofNullable(translated.detectedSourceLanguage()));
      }
      translation.append(part, stripped.length(), part.length());
    }
    return new TranslatedText(translation.toString(), language);
  }

  private Translation send(String text, TranslationOptions options) throws InterruptedException {
    ObjectNode request = JsonMapper.shared().createObjectNode();
    request.putArray("q").add(text);
    request.put("target", options.target().tag()).put("format", "text");
    request.put("model", options.model());
    options.source().ifPresent(source -> request.put("source", source.tag()));
    byte[] body = request.toString().getBytes(UTF_8);
    Map<String, String> headers = new HashMap<>(credentials.header());
    headers.put("Content-Type", "application/json; charset=utf-8");
    ProviderCall call =
        new ProviderCall(
            TITLE,
            credentials.setting(),
            "POST",
            address,
            Map.copyOf(headers),
            () -> BodyPublishers.ofByteArray(body),
            timeout);
    return only(send(call));
  }

  private TranslateAnswer send(ProviderCall call) throws InterruptedException {
    try {
      return client.send(call, TranslateAnswer.class);
    } catch (BatchException failure) {
      if (failure.kind() == FailureKind.KEY_REFUSED) {
        credentials.refused();
      }
      throw failure;
    }
  }

  private static Translation only(TranslateAnswer answer) {
    List<Translation> translations =
        Optional.ofNullable(answer.data())
            .map(TranslateAnswer.Data::translations)
            .orElse(List.of());
    if (translations.isEmpty() || translations.getFirst().translatedText() == null) {
      throw new BatchException(
          FailureKind.UNAVAILABLE, TITLE + " sent an answer without a translation.");
    }
    return translations.getFirst();
  }
}
