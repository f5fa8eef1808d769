package io.verbatim.ingest.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Makes a request of the bus again, unchanged, until it is answered: whether a request without an
/// answer was carried out is not known, and the log tells when it was.
final class UntilAnswered {
  private final CallTools tools;
  private final Backoff backoff;
  private final Consumer<Runnable> locked;
  private final BooleanSupplier given;

  /// @param locked does a step under the lock of whoever asks
  /// @param given whether to give up; asked under that lock
  UntilAnswered(CallTools tools, Consumer<Runnable> locked, BooleanSupplier given) {
    this.tools = tools;
    this.locked = locked;
    this.given = given;
    backoff = new Backoff(tools.random());
  }

  /// Asks, and deals with the answer under the lock. One request at a time.
  <T> void ask(Supplier<CompletionStage<T>> request, Consumer<T> then) {
    CompletionStage<T> answer;
    try {
      answer = request.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var _ =
        answer.whenComplete((outcome, failure) ->
            locked.accept(() -> {
              if (given.getAsBoolean()) {
                return;
              }
              if (failure == null) {
                backoff.reset();
                then.accept(outcome);
              } else {
                askAgain(request, then);
              }
            }));
  }

  private <T> void askAgain(Supplier<CompletionStage<T>> request, Consumer<T> then) {
    tools.metrics().retried("bus_unavailable");
    tools.later(
        backoff.next(),
        () ->
            locked.accept(() -> {
              if (!given.getAsBoolean()) {
                ask(request, then);
              }
            }));
  }
}
