package io.verbatim.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.bench.setup.JavaOptions;
import io.verbatim.bench.setup.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A short run of `./bench pipeline` that checks the three services, started as an operator starts
/// them.
class PipelineIT {
  private static final int CALLS = 5;

  /// Long enough that every byte value occurs as the first byte of a frame.
  private static final Duration LENGTH = Duration.ofSeconds(6);

  @Test
  void threeJars_carryEveryByteAndEveryWordOnce(@TempDir Path logs) {
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (PipelineStack stack =
        new PipelineStack(
            new Workspace(root, logs), CALLS, JavaOptions.NONE, Map.of(), Duration.ZERO)) {
      PipelineResult result = stack.run(CALLS, Duration.ZERO, 1, LENGTH);

      assertThat(result.isSound()).as(result.summary()).isTrue();
    }
  }
}
