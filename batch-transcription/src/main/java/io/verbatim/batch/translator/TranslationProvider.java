package io.verbatim.batch.translator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The providers of translations.
public enum TranslationProvider {
  OPENAI("OpenAI", "OPENAI_API_KEY", "gpt-4o-mini"),
  GOOGLE("Google", "GOOGLE_API_KEY or GOOGLE_APPLICATION_CREDENTIALS", "nmt"),
  DEEPSEEK("DeepSeek", "DEEPSEEK_API_KEY", "deepseek-v4-flash");

  private final String title;
  private final String keySetting;
  private final String defaultModel;

  TranslationProvider(String title, String keySetting, String defaultModel) {
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

  public static Optional<TranslationProvider> named(String name) {
    return Arrays.stream(values()).filter(provider -> provider.wireName().equals(name)).findFirst();
  }

  /// The names of all providers, for messages.
  public static String names() {
    return Arrays.stream(values())
        .map(TranslationProvider::wireName)
        .collect(Collectors.joining(", "));
  }
}
