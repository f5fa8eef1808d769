package io.verbatim.batch.job;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.provider.Provider;
import io.verbatim.batch.provider.TranscriptionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a client asks for, checked.
///
/// @param providers the one in the path, then those that may replace it, in order
/// @param video whether the recording is a video, of which the first audio track is transcribed
/// @param language valid for every provider, in the writing of none
/// @param model for the first provider; the others use their default
public record TranscriptionRequest(
    List<Provider> providers,
    boolean video,
    String language,
    boolean diarize,
    Optional<String> model) {

  private static final String DEFAULT_LANGUAGE = "en";
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public TranscriptionRequest {
    providers = List.copyOf(providers);
  }

  /// Checks the fields of a request.
  ///
  /// @param fields `language`, `diarize`, `model` and `fallback`; others are ignored
  /// @throws BatchException that names the field
  public static TranscriptionRequest of(
      Provider provider, boolean video, Map<String, String> fields) {
    List<Provider> providers = new ArrayList<>(List.of(provider));
    for (String name : text(fields, "fallback").orElse("").split(",", -1)) {
      if (!name.isBlank()) {
        Provider fallback =
            Provider.named(name.strip())
                .orElseThrow(() -> invalid("fallback", name, "one of " + Provider.names()));
        if (!providers.contains(fallback)) {
          providers.add(fallback);
        }
      }
    }
    String language = text(fields, "language").orElse(DEFAULT_LANGUAGE);
    for (Provider each : providers) {
      if (each.language(language).isEmpty()) {
        String list = String.join(", ", each.languages());
        throw invalid(
            "language", language, "one of the languages of " + each.title() + ": " + list);
      }
    }
    Optional<String> model = text(fields, "model");
    if (model.isPresent() && !MODEL.matcher(model.get()).matches()) {
      throw invalid("model", model.get(), "1 to 64 letters, digits, '.', '_' or '-'");
    }
    return new TranscriptionRequest(
        providers, video, language, flag("diarize", text(fields, "diarize")), model);
  }

  private static Optional<String> text(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static boolean flag(String name, Optional<String> given) {
    return switch (given.orElse("false")) {
      case "true", "True", "1", "yes", "on" -> true;
      case "false", "False", "0", "no", "off" -> false;
      default -> throw invalid(name, given.orElse(""), "true or false");
    };
  }

  private static BatchException invalid(String field, String value, String allowed) {
    return new BatchException(
        FailureKind.INVALID_FIELD,
        "%s \"%s\" is invalid. Use %s."
            .formatted(
                field, value.length() <= 60 ? value : value.substring(0, 60) + "…", allowed));
  }

  /// The options for one of the providers.
  public TranscriptionOptions options(Provider provider) {
    boolean isFirst = provider == providers.getFirst();
    return new TranscriptionOptions(
        provider.language(language).orElseThrow(),
        diarize && provider.separatesSpeakers(),
        isFirst ? model.orElse(provider.defaultModel()) : provider.defaultModel());
  }
}
