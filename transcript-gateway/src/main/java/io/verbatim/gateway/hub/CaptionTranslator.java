package io.verbatim.gateway.hub;

import io.verbatim.batch.translator.Language;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Translates the words of finals, off the event loop.
@FunctionalInterface
public interface CaptionTranslator {

  /// Translates words. Completes on any thread; fails with a
  /// [io.verbatim.batch.failure.BatchException].
  ///
  /// @param tenant the call's, for whom the translation is counted
  /// @param source the tag of their language; null if it is unknown
  CompletionStage<String> translate(
      String tenant, String words, @Nullable String source, Language target);
}
