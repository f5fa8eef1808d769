package io.verbatim.batch.provider;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The batch recognisers.
public enum Provider {
  DEEPGRAM("Deepgram", "DEEPGRAM_API_KEY", "nova-2"),
  WHISPER("Whisper", "OPENAI_API_KEY", "whisper-1"),
  ASSEMBLYAI("AssemblyAI", "ASSEMBLYAI_API_KEY", "universal-2");

  private final String title;
  private final String keySetting;
  private final String defaultModel;

  Provider(String title, String keySetting, String defaultModel) {
    this.title = title;
    this.keySetting = keySetting;
    this.defaultModel = defaultModel;
  }

  /// The name in paths and answers.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The name in sentences.
  public String title() {
    return title;
  }

  /// The environment variable of the key.
  public String keySetting() {
    return keySetting;
  }

  public String defaultModel() {
    return defaultModel;
  }

  /// Whether it can tell speakers apart.
  public boolean separatesSpeakers() {
    return this != WHISPER;
  }

  /// The codes that a request may name, `auto` included.
  public List<String> languages() {
    return switch (this) {
      case DEEPGRAM -> Languages.DEEPGRAM;
      case WHISPER -> Languages.WHISPER;
      case ASSEMBLYAI -> Languages.ASSEMBLYAI;
    };
  }

  /// The language as the provider writes it; empty if it is unknown.
  public Optional<String> language(String given) {
    return languages().stream().filter(code -> code.equalsIgnoreCase(given)).findFirst();
  }

  public static Optional<Provider> named(String name) {
    return Arrays.stream(values()).filter(provider -> provider.wireName().equals(name)).findFirst();
  }

  /// The names of all providers, for messages.
  public static String names() {
    return Arrays.stream(values()).map(Provider::wireName).collect(Collectors.joining(", "));
  }
}
