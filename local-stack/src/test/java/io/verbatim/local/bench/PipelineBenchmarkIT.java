package io.verbatim.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.bench.PipelineBenchmark.Result;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The three jars, as an operator starts them: every byte once and in order in one session per
/// call, every word once in the browser's stream, one Redis connection per service. How fast is for
/// `./bench` to say.
class PipelineBenchmarkIT {
  private static final int CALLS = 5;

  /// Long enough that frames begin with every byte value.
  private static final Duration LENGTH = Duration.ofSeconds(6);

  @Test
  void threeJars_carryEveryByteAndEveryWordOnce(@TempDir Path logs) {
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (PipelineBenchmark benchmark = new PipelineBenchmark(root, logs, CALLS, LENGTH)) {
      Result result = benchmark.run();

      assertThat(result.sound()).as(result.report()).isTrue();
    }
  }
}
