package io.verbatim.gateway.stage;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what was asked, for as long as a test has patience.
public final class Answers {

  private static final int SECONDS = 15;

  private Answers() {}

  public static <T> T of(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    } catch (ExecutionException | TimeoutException failed) {
      throw new AssertionError(failed);
    }
  }
}
