package io.verbatim.bench.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// The directories of one run, and a few things every part does.
///
/// @param root the repository's root, where the jars are built
/// @param logs where the output of the started processes goes
public record Workspace(Path root, Path logs) {

  /// In the repository's root, with a new directory for logs.
  public static Workspace of(Path root) {
    try {
      Path logs = Files.createTempDirectory("verbatim-bench-");
      System.out.println("Logs: " + logs);
      return new Workspace(root, logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A port of 127.0.0.1 that is free now.
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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

  /// Waits for a condition, looking every 20 ms.
  ///
  /// @param what the condition, for the message when it does not come
  public static void await(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new BenchException("Not within " + limit.toSeconds() + " s: " + what + ".");
      }
      sleep(Duration.ofMillis(20));
    }
  }
}
