package io.verbatim.batch.translator;

/// Translates texts. Thread-safe; blocks.
public interface Translator {

  /// Translates a text of at most 15,000 estimated tokens, without blanks at its ends. An interrupt
  /// ends the request in flight.
  ///
  /// @throws io.verbatim.batch.failure.BatchException if the provider refuses or fails, after the
  ///   retries that make sense
  TranslatedText translate(String text, TranslationOptions options) throws InterruptedException;
}
