package io.verbatim.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.bench.setup.JavaOptions;
import io.verbatim.bench.setup.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The three jars as an operator starts them, in short. `./bench pipeline` measures how fast.
class PipelineIT {
  private static final int CALLS = 5;

  /// Long enough that frames begin with every byte value.
  private static final Duration LENGTH = Duration.ofSeconds(6);

  @Test
  void threeJars_carryEveryByteAndEveryWordOnce(@TempDir Path logs) {
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (PipelineStack stack =
        new PipelineStack(
            new Workspace(root, logs), CALLS, JavaOptions.NONE, null, Duration.ZERO)) {
      PipelineResult result = stack.run(CALLS, Duration.ZERO, 1, LENGTH);

      assertThat(result.isSound()).as(result.summary()).isTrue();
    }
  }
}
