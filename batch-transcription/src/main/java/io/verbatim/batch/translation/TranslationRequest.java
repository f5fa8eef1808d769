package io.verbatim.batch.translation;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.translator.Language;
import io.verbatim.batch.translator.Tokens;
import io.verbatim.batch.translator.TranslationOptions;
import io.verbatim.batch.translator.TranslationProvider;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a client asks for, checked.
///
/// @param text at most [#MAX_TOKENS]
/// @param sourceLanguage as the client wrote it; `auto` if it is detected
/// @param targetLanguage as the client wrote it
public record TranslationRequest(
    TranslationProvider provider,
    String text,
    String sourceLanguage,
    String targetLanguage,
    TranslationOptions options) {

  /// Estimated tokens of a text.
  public static final int MAX_TOKENS = 120_000;

  private static final String AUTO = "auto";
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");

  /// What a request lacks, in the words of the previous system.
  public static Optional<String> missing(Map<String, String> fields) {
    if (!fields.containsKey("text")) {
      return Optional.of("Missing required field: text");
    }
    if (fields.getOrDefault("text", "").isBlank()) {
      return Optional.of("Text cannot be empty");
    }
    return fields.getOrDefault("target_language", "").isBlank()
        ? Optional.of("Missing required field: target_language")
        : Optional.empty();
  }

  /// Checks the fields of a request that has the required ones.
  ///
  /// @param fields `text`, `source_language`, `target_language` and `model`; others are ignored
  /// @throws BatchException that names the field
  public static TranslationRequest of(TranslationProvider provider, Map<String, String> fields) {
    String text = fields.getOrDefault("text", "");
    int tokens = Tokens.estimate(text);
    if (tokens > MAX_TOKENS) {
      throw new BatchException(
          FailureKind.TOO_LARGE,
          "The text has about %d tokens. Use at most %d, or several requests."
              .formatted(tokens, MAX_TOKENS));
    }
    String source = field(fields, "source_language").orElse(AUTO);
    String target = field(fields, "target_language").orElse("");
    String model = field(fields, "model").orElse(provider.defaultModel());
    if (!MODEL.matcher(model).matches()) {
      throw invalid("model", model, "1 to 64 letters, digits, '.', '_', ':', '/' or '-'");
    }
    Optional<Language> known =
        source.equalsIgnoreCase(AUTO)
            ? Optional.empty()
            : Optional.of(language("source_language", source, " or auto"));
    return new TranslationRequest(
        provider,
        text,
        source,
        target,
        new TranslationOptions(known, language("target_language", target, ""), model));
  }

  private static Language language(String field, String given, String other) {
    return Language.of(given)
        .orElseThrow(() ->
            invalid(
                field, given, "a language code such as es or pt-BR, or an English name" + other));
  }

  private static Optional<String> field(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static BatchException invalid(String field, String value, String allowed) {
    return new BatchException(
        FailureKind.INVALID_FIELD,
        "%s \"%s\" is invalid. Use %s."
            .formatted(
                field, value.length() <= 60 ? value : value.substring(0, 60) + "…", allowed));
  }

  /// Contains no words.
  @Override
  public String toString() {
    return "TranslationRequest[" + provider + ", " + text.length() + " chars]";
  }
}
