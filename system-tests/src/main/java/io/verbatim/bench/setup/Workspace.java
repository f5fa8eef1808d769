package io.verbatim.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// The directories of one run, and helpers for all parts.
///
/// @param root the repository's root, with the built jars
/// @param logs the directory for the output of the started processes
public record Workspace(Path root, Path logs) {

  /// A workspace in the repository's root, with a new directory for logs.
  public static Workspace of(Path root) {
    try {
      Path logs = Files.createTempDirectory("verbatim-bench-");
      System.out.println("Logs: " + logs);
      return new Workspace(root, logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void sleep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The benchmark was interrupted.", e);
    }
  }

  /// Waits for a condition, which is checked every 20 ms.
  ///
  /// @param description of the condition, for the error message
  public static void await(String description, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new BenchException(
            "Timeout after " + limit.toSeconds() + " s while waiting until " + description + ".");
      }
      sleep(Duration.ofMillis(20));
    }
  }
}
