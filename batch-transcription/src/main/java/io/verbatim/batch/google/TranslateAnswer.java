package io.verbatim.batch.google;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of the answer that are used.
record TranslateAnswer(@Nullable Data data) {

  record Data(@Nullable List<Translation> translations) {}

  record Translation(@Nullable String translatedText, @Nullable String detectedSourceLanguage) {}
}
