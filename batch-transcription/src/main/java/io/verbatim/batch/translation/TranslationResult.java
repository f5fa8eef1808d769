package io.verbatim.batch.translation;

import java.util.Optional;

/// A translated text.
///
/// @param detectedLanguage the source's language, if the provider detected it
/// @param chunks of the text
public record TranslationResult(
    TranslationRequest request, String text, Optional<String> detectedLanguage, int chunks) {

  /// Contains no words.
  @Override
  public String toString() {
    return "TranslationResult[" + request.provider() + ", " + chunks + " chunks]";
  }
}
