package io.verbatim.batch.translator;

import java.util.Optional;

/// A translation.
///
/// @param detectedLanguage the source's language as the provider writes it, if it was detected
public record TranslatedText(String text, Optional<String> detectedLanguage) {

  /// Contains no words.
  @Override
  public String toString() {
    return "TranslatedText[" + text.length() + " chars]";
  }
}
