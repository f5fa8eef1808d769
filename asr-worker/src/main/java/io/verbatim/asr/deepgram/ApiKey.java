package io.verbatim.asr.deepgram;

/// The key that pays. Prints as `***`.
public record ApiKey(String value) {
  public ApiKey {
    if (value.isBlank()) {
      throw new IllegalArgumentException(
          "DEEPGRAM_API_KEY must be set: a worker hears nothing without");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
