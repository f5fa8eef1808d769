package io.verbatim.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A short run of `./chaos`: every word once, whatever is killed, paused or cut.
class ChaosIT {
  /// Its first eight faults are one of each kind.
  private static final long SEED = 450;

  private static final int FAULTS = 8;

  @Test
  void whateverDies_everyWordIsThereOnce(@TempDir Path logs) {
    ChaosRun.Plan plan =
        new ChaosRun.Plan(
            SEED,
            FAULTS,
            0,
            EnumSet.allOf(Fault.class),
            3,
            4,
            Duration.ofSeconds(10),
            Duration.ofMillis(800),
            logs.resolve("chaos.csv"));
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (ChaosRun run = new ChaosRun(plan, root, logs)) {
      ChaosRun.Result result = run.run();

      System.out.print(result.report());
      assertThat(result.sound()).as(result.report()).isTrue();
      assertThat(result.report()).contains(kinds());
      assertThat(logs.resolve("chaos.csv")).content().hasLineCount(FAULTS);
    }
  }

  private static List<String> kinds() {
    return Arrays.stream(Fault.values()).map(fault -> fault + "=1").toList();
  }
}
