package io.verbatim.ingest.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Repeats a request to the bus unchanged until it is answered. Whether a request without an answer
/// was executed is unknown; the log reports it if it was. One request at a time. Confined to the
/// event loop.
final class RetryingRequest {
  private final CallContext context;
  private final Backoff backoff;
  private final BooleanSupplier cancelled;
  private final Consumer<Throwable> beforeRetry;

  /// @param cancelled whether to ignore answers and stop retrying
  /// @param beforeRetry receives each failure
  RetryingRequest(CallContext context, BooleanSupplier cancelled, Consumer<Throwable> beforeRetry) {
    this.context = context;
    this.cancelled = cancelled;
    this.beforeRetry = beforeRetry;
    backoff = new Backoff(context.random());
  }

  <T> void send(Supplier<CompletionStage<T>> request, Consumer<T> onAnswer) {
    CompletionStage<T> answer;
    try {
      answer = request.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var _ = answer.whenComplete((result, failure) -> answered(request, onAnswer, result, failure));
  }

  private <T> void answered(
      Supplier<CompletionStage<T>> request,
      Consumer<T> onAnswer,
      T result,
      @Nullable Throwable failure) {
    if (cancelled.getAsBoolean()) {
      return;
    }
    if (failure == null) {
      backoff.reset();
      onAnswer.accept(result);
      return;
    }
    context.metrics().retried("bus_unavailable");
    beforeRetry.accept(failure);
    context
        .delays()
        .after(
            backoff.next(),
            () -> {
              if (!cancelled.getAsBoolean()) {
                send(request, onAnswer);
              }
            });
  }
}
