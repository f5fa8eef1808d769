package io.verbatim.gateway.hub;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.translator.Language;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A translator that answers at once, not at all until it is released, or with a failure.
/// Thread-safe.
final class ScriptedTranslator implements CaptionTranslator {

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<@Nullable Void> gate = CompletableFuture.completedFuture(null);
  private volatile @Nullable FailureKind failure;

  @Override
  public CompletionStage<String> translate(
      String tenant, String words, @Nullable String source, Language target) {
    requests.add(target.tag() + ":" + words);
    FailureKind kind = failure;
    return gate.thenApply(_ -> {
      if (kind != null) {
        throw new BatchException(kind, "The provider says " + kind + ".");
      }
      return "[" + target.tag() + "] " + words;
    });
  }

  /// The requests so far, as `es:words`.
  List<String> requests() {
    return List.copyOf(requests);
  }

  /// Answers nothing until [#release].
  void hold() {
    gate = new CompletableFuture<>();
  }

  void release() {
    gate.complete(null);
  }

  /// Fails from now on; null answers again.
  void failWith(@Nullable FailureKind kind) {
    failure = kind;
  }
}
