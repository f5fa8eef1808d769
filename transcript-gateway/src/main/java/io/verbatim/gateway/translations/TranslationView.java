package io.verbatim.gateway.translations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.verbatim.batch.translation.TranslationRequest;
import io.verbatim.batch.translation.TranslationResult;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// The answer with a translation, in the shape of the previous system.
///
/// @param sourceLanguage as the client wrote it; `auto` if it wrote none
/// @param detectedSourceLanguage null if the provider did not detect it
/// @param targetLanguage as the client wrote it
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record TranslationView(
    String translatedText,
    String sourceLanguage,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String detectedSourceLanguage,
    String targetLanguage,
    String modelUsed,
    String service,
    int chunksProcessed,
    int totalChunks) {

  static TranslationView of(TranslationResult result) {
    TranslationRequest request = result.request();
    return new TranslationView(
        result.text(),
        request.sourceLanguage(),
        result.detectedLanguage().orElse(null),
        request.targetLanguage(),
        request.options().model(),
        request.provider().wireName(),
        result.chunks(),
        result.chunks());
  }
}
