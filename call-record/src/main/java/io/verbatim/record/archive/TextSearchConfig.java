package io.verbatim.record.archive;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Postgres' text search configurations, by the language of a call.
public final class TextSearchConfig {

  /// For languages that Postgres does not know, and for calls of several languages.
  public static final String SIMPLE = "simple";

  private static final Map<String, String> BY_LANGUAGE =
      Map.ofEntries(
          Map.entry("ar", "arabic"),
          Map.entry("da", "danish"),
          Map.entry("de", "german"),
          Map.entry("el", "greek"),
          Map.entry("en", "english"),
          Map.entry("es", "spanish"),
          Map.entry("fi", "finnish"),
          Map.entry("fr", "french"),
          Map.entry("hi", "hindi"),
          Map.entry("hu", "hungarian"),
          Map.entry("id", "indonesian"),
          Map.entry("it", "italian"),
          Map.entry("nl", "dutch"),
          Map.entry("no", "norwegian"),
          Map.entry("pt", "portuguese"),
          Map.entry("ro", "romanian"),
          Map.entry("ru", "russian"),
          Map.entry("sv", "swedish"),
          Map.entry("tr", "turkish"));

  private TextSearchConfig() {}

  /// The configuration for a language code such as `en` or `pt-BR`.
  public static String of(@Nullable String language) {
    if (language == null) {
      return SIMPLE;
    }
    int dash = language.indexOf('-');
    String code = (dash < 0 ? language : language.substring(0, dash)).toLowerCase(Locale.ROOT);
    return BY_LANGUAGE.getOrDefault(code, SIMPLE);
  }

  /// All configurations that a line may have.
  public static List<String> all() {
    return java.util.stream.Stream.concat(
            BY_LANGUAGE.values().stream().sorted(), java.util.stream.Stream.of(SIMPLE))
        .toList();
  }
}
