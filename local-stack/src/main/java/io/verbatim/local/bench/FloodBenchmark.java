package io.verbatim.local.bench;

import io.verbatim.local.bench.PipelineBenchmark.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// Plays the same calls twice, in peace and under a flood of bad handshakes, and sets side by side
/// what the flood adds.
final class FloodBenchmark {
  private static final long GROWTH_ALLOWED = 32L << 20;

  private FloodBenchmark() {}

  /// Answers whether every byte and every word was exact both times, ingest held no more memory,
  /// and nobody bad was let in.
  static boolean run(Path root, Path logs, int calls, Duration length) {
    Result peace;
    try (PipelineBenchmark benchmark =
        new PipelineBenchmark(root, folder(logs, "peace"), calls, length)) {
      peace = benchmark.run();
    }
    Result flood;
    Map<String, Long> answers;
    try (PipelineBenchmark benchmark =
            new PipelineBenchmark(root, folder(logs, "flood"), calls, length);
        HandshakeFlood strangers =
            new HandshakeFlood(benchmark.ingestPort(), benchmark.tokensThatOpenNothing())) {
      flood = benchmark.run();
      answers = strangers.answers();
    }
    System.out.println("In peace:\n" + peace.report());
    System.out.println("Under the flood:\n" + flood.report());
    long shakes = answers.values().stream().mapToLong(Long::longValue).sum();
    System.out.println(
        String.format(
            Locale.ROOT,
            "bad handshakes            %d in about %d s, answered %s",
            shakes,
            length.toSeconds(),
            answers));
    for (double share : new double[] {0.50, 0.99}) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "caller to recogniser p%.0f  %.2f ms in peace, %.2f ms under the flood",
              share * 100,
              peace.delays().percentileMillis(share),
              flood.delays().percentileMillis(share)));
    }
    boolean flat = flood.ingestBytes() - peace.ingestBytes() < GROWTH_ALLOWED;
    return peace.sound() && flood.sound() && flat && shakes > 0 && !answers.containsKey("101");
  }

  private static Path folder(Path logs, String name) {
    try {
      return Files.createDirectories(logs.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
