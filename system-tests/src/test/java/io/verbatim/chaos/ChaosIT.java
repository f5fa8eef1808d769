package io.verbatim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A short run of `./chaos` with each lossless fault: every word occurs once.
class ChaosIT {
  /// Each lossless fault once. Faults that restart the owners' 30 s wait for a killed ingest come
  /// before the kill of ingest; the other faults come during this wait.
  private static final List<Fault> FAULTS =
      List.of(
          Fault.WORKER_KILL,
          Fault.REDIS_PAUSE,
          Fault.REDIS_FREEZE,
          Fault.REDIS_DROP,
          Fault.WORKER_PAUSE,
          Fault.REDIS_KILL,
          Fault.REDIS_DELAY,
          Fault.REDIS_READONLY,
          Fault.REDIS_FREEZE_ALL,
          Fault.WORKER_STOP,
          Fault.REDIS_CUT,
          Fault.REDIS_BLOCK,
          Fault.REDIS_CLIENTS,
          Fault.INGEST_KILL,
          Fault.GATEWAY_KILL,
          Fault.SESSION_CUT,
          Fault.CALLER_MOVE,
          Fault.REDIS_DISK,
          Fault.RECOGNIZER_FREEZE,
          Fault.RECOGNIZER_OMITS,
          Fault.RECOGNIZER_ENDS_SHORT,
          Fault.INGEST_STOP,
          Fault.RECOGNIZER_CUT,
          Fault.GATEWAY_PAUSE,
          Fault.RECOGNIZER_SLOW,
          Fault.REDIS_REPLICAS,
          Fault.INGEST_PAUSE,
          Fault.GATEWAY_STOP,
          Fault.RECOGNIZER_REFUSES);

  private static final Duration CALLS_START_WITHIN = Duration.ofSeconds(4);

  private static final Plan PLAN =
      new Plan(
          "Each fault once",
          0,
          FAULTS.size(),
          number ->
              new PlannedFault(
                  number,
                  FAULTS.get(number),
                  number == 0 ? CALLS_START_WITHIN : Duration.ofMillis(450),
                  number,
                  FAULTS.get(number).duration(0)),
          true,
          false,
          new Plan.Setup(Plan.Redis.DURABLE, 2, 3, 2, Duration.ZERO),
          Plan.Load.mixed(4, Duration.ofSeconds(6)));

  @Test
  void eachLosslessFault_leavesEveryWordOnce(@TempDir Path logs) throws Exception {
    Journal journal = new Journal(logs.resolve("chaos.csv"));
    Path root = Path.of("..").toAbsolutePath().normalize();

    try (ChaosRun run = new ChaosRun(PLAN, journal, "this", List.of(root), logs)) {
      run.run(_ -> false, Duration.ofMinutes(5));
    }

    Report report = new Report(journal.read());
    System.out.print(report.markdown(PLAN, "ChaosIT"));
    assertThat(report.isSound()).as(String.join("\n", report.problems())).isTrue();
    assertThat(IntStream.range(0, FAULTS.size())).allMatch(report::isDone);
    assertThat(FAULTS).containsExactlyInAnyOrderElementsOf(Fault.LOSSLESS);
  }
}
