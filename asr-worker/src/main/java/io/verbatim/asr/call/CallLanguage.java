package io.verbatim.asr.call;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The language a call is transcribed in, and the note for its subscribers if it is not the one
/// requested.
///
/// @param note empty if the call has the language it requested
record CallLanguage(String code, String note) {
  private static final int MAX_QUOTE = 20;

  /// @param requested the language of the call's start, as it was sent
  /// @param offered the languages allowed; a regional form such as `fr-CA` becomes `fr` if only
  ///   that is offered
  /// @param fallback used if the requested one is not offered
  static CallLanguage of(@Nullable String requested, Set<String> offered, String fallback) {
    if (requested == null || requested.isBlank()) {
      return new CallLanguage(fallback, "");
    }
    String code = requested.strip();
    Optional<String> same = find(code, offered);
    if (same.isPresent()) {
      return new CallLanguage(same.get(), "");
    }
    String used = find(code.split("[-_]", 2)[0], offered).orElse(fallback);
    String quoted = code.replaceAll("[^A-Za-z0-9-]", "?");
    return new CallLanguage(
        used,
        "language '"
            + quoted.substring(0, Math.min(quoted.length(), MAX_QUOTE))
            + "' is not offered, using "
            + used);
  }

  private static Optional<String> find(String code, Set<String> offered) {
    return offered.stream().filter(language -> language.equalsIgnoreCase(code)).findFirst();
  }
}
