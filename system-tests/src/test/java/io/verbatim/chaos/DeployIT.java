package io.verbatim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A short form of `./chaos --scenario deploy`: one process of each service is replaced during
/// calls.
class DeployIT {
  private static final Plan PLAN =
      Scenario.deploy(1, 1, 4, Duration.ofSeconds(6), Duration.ofSeconds(1));

  @Test
  void replacedProcesses_loseNoWordAndNoClient(@TempDir Path logs) throws Exception {
    Journal journal = new Journal(logs.resolve("chaos.csv"));
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (ChaosRun run = new ChaosRun(PLAN, journal, "this", List.of(root), logs)) {
      run.run(_ -> false, Duration.ofMinutes(4));
    }

    Report report = new Report(journal.read());
    System.out.print(report.markdown(PLAN, "DeployIT"));
    assertThat(report.problems()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(journal.read())
        .filteredOn(Journal.ClientsComplete.class::isInstance)
        .hasSize(PLAN.count());
  }
}
