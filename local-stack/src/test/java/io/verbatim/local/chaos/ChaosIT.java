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
  /// One of each kind that may lose nothing. Ingest's death comes after what its calls' owners
  /// could notice, for they wait thirty quiet seconds before they end a call for it; the rest
  /// meanwhile.
  private static final List<Fault> FAULTS =
      List.of(
          Fault.WORKER_KILL,
          Fault.REDIS_PAUSE,
          Fault.REDIS_FREEZE,
          Fault.REDIS_DROP,
          Fault.WORKER_PAUSE,
          Fault.REDIS_KILL,
          Fault.REDIS_DELAY,
          Fault.REDIS_FREEZE_ALL,
          Fault.WORKER_STOP,
          Fault.REDIS_CUT,
          Fault.REDIS_BLOCK,
          Fault.INGEST_KILL,
          Fault.GATEWAY_KILL,
          Fault.SESSION_CUT,
          Fault.CALLER_MOVE,
          Fault.RECOGNIZER_FREEZE,
          Fault.RECOGNIZER_OMITS,
          Fault.RECOGNIZER_ENDS_SHORT,
          Fault.INGEST_STOP,
          Fault.RECOGNIZER_CUT,
          Fault.GATEWAY_PAUSE,
          Fault.RECOGNIZER_SLOW,
          Fault.INGEST_PAUSE,
          Fault.GATEWAY_STOP,
          Fault.RECOGNIZER_REFUSES);

  private static final Duration CALLS_BEGIN_WITHIN = Duration.ofSeconds(4);

  private static final Plan PLAN =
      new Plan(
          "Each fault once",
          0,
          FAULTS.size(),
          number ->
              new PlannedFault(
                  number,
                  FAULTS.get(number),
                  number == 0 ? CALLS_BEGIN_WITHIN : Duration.ofMillis(600),
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

    try (ChaosRun run = new ChaosRun(PLAN, journal, "this", List.of(root), logs)) {
      run.run(_ -> false, Duration.ofMinutes(5));
    }

    Report report = new Report(journal.read());
    System.out.print(report.markdown(PLAN, "ChaosIT"));
    assertThat(report.isSound()).as(String.join("\n", report.complaints())).isTrue();
    assertThat(IntStream.range(0, FAULTS.size())).allMatch(report::isDone);
    assertThat(FAULTS).containsExactlyInAnyOrderElementsOf(Fault.HARMLESS);
  }
}
