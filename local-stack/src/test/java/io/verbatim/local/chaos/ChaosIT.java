package io.verbatim.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A short run of `./chaos`: every word once, whatever is killed, paused or cut.
class ChaosIT {
  /// One of each kind that may lose nothing; ingest's death comes late, for the owner waits thirty
  /// quiet seconds before it ends a call for it.
  private static final List<Fault> FAULTS =
      List.of(
          Fault.WORKER_KILL,
          Fault.GATEWAY_KILL,
          Fault.REDIS_PAUSE,
          Fault.SESSION_CUT,
          Fault.REDIS_FREEZE,
          Fault.CALLER_MOVE,
          Fault.WORKER_PAUSE,
          Fault.INGEST_STOP,
          Fault.RECOGNIZER_FREEZE,
          Fault.REDIS_KILL,
          Fault.REDIS_DELAY,
          Fault.GATEWAY_STOP,
          Fault.REDIS_FREEZE_ALL,
          Fault.RECOGNIZER_CUT,
          Fault.REDIS_DROP,
          Fault.GATEWAY_PAUSE,
          Fault.RECOGNIZER_SLOW,
          Fault.WORKER_STOP,
          Fault.REDIS_CUT,
          Fault.INGEST_PAUSE,
          Fault.RECOGNIZER_REFUSES,
          Fault.REDIS_BLOCK,
          Fault.INGEST_KILL);

  private static final Plan PLAN =
      new Plan(
          "Each fault once",
          0,
          FAULTS.size(),
          number ->
              new PlannedFault(
                  number,
                  FAULTS.get(number),
                  Duration.ofMillis(800),
                  number,
                  FAULTS.get(number).lasting(0)),
          true,
          false,
          new Plan.Setup(Plan.Redis.DURABLE, 2, 3, 2, Duration.ZERO),
          Plan.Load.mixed(4, Duration.ofSeconds(8)));

  @Test
  void whateverDies_everyWordIsThereOnce(@TempDir Path logs) throws Exception {
    Journal journal = new Journal(logs.resolve("chaos.csv"));
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (ChaosRun run = new ChaosRun(PLAN, journal, "this", root, logs)) {
      run.run(_ -> false, Duration.ofMinutes(5));
    }

    Report report = new Report(journal.read());
    System.out.print(report.markdown(PLAN, "ChaosIT"));
    assertThat(report.isSound()).as(String.join("\n", report.complaints())).isTrue();
    assertThat(IntStream.range(0, FAULTS.size())).allMatch(report::isDone);
  }
}
