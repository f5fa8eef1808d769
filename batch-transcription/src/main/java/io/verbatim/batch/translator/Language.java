package io.verbatim.batch.translator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A language that a text is in, or is translated into.
///
/// @param tag its BCP 47 tag in canonical form, such as `es` or `pt-BR`
public record Language(String tag) {

  private static final Pattern TAG = Pattern.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}");
  private static final Set<String> CODES = Set.of(Locale.getISOLanguages());
  private static final Map<String, String> TAGS_BY_NAME =
      Arrays.stream(Locale.getISOLanguages())
          .collect(
              Collectors.toMap(
                  tag -> Locale.of(tag).getDisplayLanguage(Locale.ENGLISH).toLowerCase(Locale.ROOT),
                  Function.identity(),
                  (first, _) -> first));

  /// Reads a tag whose language is known, such as `es`, `pt-BR` or `zh_CN`.
  public static Optional<Language> ofTag(String text) {
    if (!TAG.matcher(text).matches()) {
      return Optional.empty();
    }
    Locale locale = Locale.forLanguageTag(text.replace('_', '-'));
    String code = locale.getLanguage();
    boolean isKnown = code.length() == 3 ? hasName(locale) : CODES.contains(code);
    return isKnown ? Optional.of(new Language(locale.toLanguageTag())) : Optional.empty();
  }

  private static boolean hasName(Locale locale) {
    return !locale.getDisplayLanguage(Locale.ENGLISH).equals(locale.getLanguage());
  }

  /// Reads a tag, or the English name of a language, such as `Spanish`.
  public static Optional<Language> of(String text) {
    return ofTag(text)
        .or(() ->
            Optional.ofNullable(TAGS_BY_NAME.get(text.toLowerCase(Locale.ROOT)))
                .map(Language::new));
  }

  /// The English name, such as `Spanish` or `Portuguese (Brazil)`.
  public String englishName() {
    return Locale.forLanguageTag(tag).getDisplayName(Locale.ENGLISH);
  }

  /// Whether a tag names the same language, in any script and region.
  public boolean isSameLanguage(String otherTag) {
    return Locale.forLanguageTag(tag)
        .getLanguage()
        .equals(Locale.forLanguageTag(otherTag.replace('_', '-')).getLanguage());
  }
}
