package io.verbatim.asr.deepgram;

/// Deepgram's API key. Prints as `***`.
public record ApiKey(String value) {
  public ApiKey {
    if (value.isBlank()) {
      throw new IllegalArgumentException(
          "DEEPGRAM_API_KEY must be set: without it no call can be transcribed");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
