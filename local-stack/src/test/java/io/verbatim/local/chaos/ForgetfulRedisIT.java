package io.verbatim.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Redis that forgets: what is missing from a transcript is exactly what its ledger says.
class ForgetfulRedisIT {
  private static final List<Fault> FAULTS =
      List.of(Fault.REDIS_FLUSH, Fault.REDIS_MEMORY, Fault.REDIS_KILL);

  private static final Plan PLAN =
      new Plan(
          "A Redis that forgets",
          0,
          FAULTS.size(),
          number ->
              new PlannedFault(
                  number,
                  FAULTS.get(number),
                  Duration.ofSeconds(4),
                  number,
                  FAULTS.get(number).lasting(0)),
          true,
          false,
          true,
          2,
          1,
          4,
          2,
          Duration.ofSeconds(12),
          Duration.ZERO);

  @Test
  void whatIsLost_isWhatTheLedgersSay(@TempDir Path logs) throws Exception {
    Journal journal = new Journal(logs.resolve("chaos.csv"));
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (ChaosRun run = new ChaosRun(PLAN, journal, "this", root, logs)) {
      run.run(0, Duration.ofMinutes(5));
    }

    Report report = new Report(journal.read());
    System.out.print(report.markdown(PLAN, "ForgetfulRedisIT"));
    assertThat(report.isSound()).as(String.join("\n", report.complaints())).isTrue();
  }
}
