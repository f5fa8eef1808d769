package io.verbatim.batch.translation;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.translator.Language;
import io.verbatim.batch.translator.TranslationOptions;
import io.verbatim.batch.translator.TranslationProvider;
import io.verbatim.batch.translator.Translator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// Translates the lines of live calls as they come, 16 at once, each on a virtual thread. The
/// callers bound how many wait. Thread-safe; does not block.
public final class LiveTranslator implements AutoCloseable {

  private static final int MAX_AT_ONCE = 16;

  private final Translator translator;
  private final TranslationProvider provider;
  private final Semaphore slots = new Semaphore(MAX_AT_ONCE, /* fair= */ true);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caption-", 0).factory());

  LiveTranslator(Translator translator, TranslationProvider provider) {
    this.translator = translator;
    this.provider = provider;
  }

  /// Translates one line. Completes on a thread of this translator; fails with a [BatchException].
  ///
  /// @param source empty if the provider detects it
  public CompletionStage<String> translate(
      String line, Optional<Language> source, Language target) {
    TranslationOptions options = new TranslationOptions(source, target, provider.defaultModel());
    try {
      return CompletableFuture.supplyAsync(() -> translate(line, options), threads);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedStage(stopping());
    }
  }

  private String translate(String line, TranslationOptions options) {
    try {
      slots.acquire();
      try {
        return translator.translate(line, options).text().strip();
      } finally {
        slots.release();
      }
    } catch (InterruptedException stopped) {
      throw stopping();
    }
  }

  private static BatchException stopping() {
    return new BatchException(FailureKind.CANCELLED, "The gateway is stopping.");
  }

  /// Ends all requests.
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
