package io.verbatim.asr.call;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The language a call is transcribed in, and the note for its subscribers where it is not the one
/// requested.
///
/// @param note empty where the call has the language it requested
record CallLanguage(String code, String note) {
  private static final int LONGEST_QUOTE = 20;

  /// @param asked the language of the call's start, as it was sent
  /// @param offered the languages allowed; a regional form such as `fr-CA` becomes `fr` where only
  ///   that is offered
  /// @param otherwise used where the requested one is not offered
  static CallLanguage of(@Nullable String asked, Set<String> offered, String otherwise) {
    if (asked == null || asked.isBlank()) {
      return new CallLanguage(otherwise, "");
    }
    String code = asked.strip();
    Optional<String> same = find(code, offered);
    if (same.isPresent()) {
      return new CallLanguage(same.get(), "");
    }
    String heard = find(code.split("[-_]", 2)[0], offered).orElse(otherwise);
    String quoted = code.replaceAll("[^A-Za-z0-9-]", "?");
    return new CallLanguage(
        heard,
        "language '"
            + quoted.substring(0, Math.min(quoted.length(), LONGEST_QUOTE))
            + "' is not offered, hearing "
            + heard);
  }

  private static Optional<String> find(String code, Set<String> offered) {
    return offered.stream().filter(language -> language.equalsIgnoreCase(code)).findFirst();
  }
}
