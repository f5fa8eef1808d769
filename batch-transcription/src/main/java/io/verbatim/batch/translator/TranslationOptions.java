package io.verbatim.batch.translator;

import java.util.Optional;

/// How a text is translated.
///
/// @param source empty if the provider detects it
/// @param model of the provider
public record TranslationOptions(Optional<Language> source, Language target, String model) {}
