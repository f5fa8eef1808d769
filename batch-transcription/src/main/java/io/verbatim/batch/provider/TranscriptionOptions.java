package io.verbatim.batch.provider;

/// How a recogniser transcribes a recording.
///
/// @param language one of the provider's codes
/// @param diarize whether speakers are told apart, if the recogniser can
/// @param model of the provider
public record TranscriptionOptions(String language, boolean diarize, String model) {

  /// Whether the recogniser detects the language.
  public boolean detectsLanguage() {
    return language.equals(Languages.AUTO);
  }
}
