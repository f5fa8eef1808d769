package io.verbatim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.chaos.Journal.Checked;
import io.verbatim.chaos.Journal.Ended;
import io.verbatim.chaos.Journal.Entry;
import io.verbatim.chaos.Journal.Injected;
import io.verbatim.chaos.Journal.Memory;
import io.verbatim.chaos.Journal.Started;
import io.verbatim.chaos.Journal.Takeover;
import io.verbatim.numbers.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Verdict SOUND = new Verdict(100, 0, 0, 0, 0, 0, 1);
  private static final Verdict LOSSY = new Verdict(100, 2, 0, 0, 0, 0, 1);
  private static final Memory WITHIN = new Memory(MemorySampler.AUDIO_OVER_BUDGET, 0);
  private static final Plan PLAN =
      new Plan(
          "A run",
          7,
          3,
          number -> PlannedFault.of(7, number, Fault.LOSSLESS, Duration.ofSeconds(1)),
          true,
          false,
          new Plan.Setup(Plan.Redis.DURABLE, 2, 3, 2, Duration.ZERO),
          Plan.Load.phone(6, Duration.ofSeconds(20)));

  @Test
  void resumedRun_isReportedWithAllParts(@TempDir Path directory) {
    Journal journal = new Journal(directory.resolve("run.csv"));
    List<Entry> first =
        List.of(
            new Started(START, 7, "abc"), checked("one", LOSSY), injected(0, Fault.WORKER_KILL, 0));
    List<Entry> second =
        List.of(
            new Started(START.plusSeconds(60), 7, "abc"),
            injected(1, Fault.WORKER_KILL, 70),
            new Takeover(1, 2000),
            checked("two", SOUND),
            new Memory("ingest", 1 << 20),
            new Ended(START.plusSeconds(100), 0));
    first.forEach(journal::write);
    second.forEach(new Journal(directory.resolve("run.csv"))::write);

    Report report = new Report(journal.read());

    assertThat(report.isDone(1)).isTrue();
    assertThat(report.isDone(2)).isFalse();
    assertThat(report.isOf(7)).isTrue();
    assertThat(report.isOf(8)).isFalse();
    assertThat(report.isSound()).isFalse();
    assertThat(report.markdown(PLAN, "./chaos"))
        .contains("200 words: 2 lost, 0 repeated", "| WORKER_KILL | 2 |", "in 2 parts", "call one");
  }

  @Test
  void overlappingFault_isReportedSeparately() {
    Report report =
        new Report(
            List.of(
                new Started(START, 7, "abc"),
                injected(0, Fault.WORKER_KILL, 0),
                new Takeover(0, 2000),
                injected(1, Fault.WORKER_KILL, 30),
                new Takeover(1, 5000),
                injected(2, Fault.REDIS_PAUSE, 39)));

    assertThat(report.markdown(PLAN, "./chaos"))
        .contains(
            "| WORKER_KILL | 2 | 1 | 2000 ms | 2000 ms | 2000 ms | 1 | 5000 ms | 5000 ms | 5000 ms"
                + " |");
  }

  @Test
  void runWithoutCheckedCalls_isNotSound() {
    assertThat(new Report(List.of(new Started(START, 7, "abc"))).isSound()).isFalse();
    assertThat(new Report(List.of(checked("one", SOUND), WITHIN)).isSound()).isTrue();
  }

  @Test
  void problemOrAudioAboveBudgetOrMissingMetrics_isNotSound() {
    Checked failed = new Checked("one", "pcm", "server", SOUND, 0, 0, "wrong, with a comma");

    assertThat(new Report(List.of(checked("one", SOUND))).isSound()).isFalse();
    assertThat(new Report(List.of(failed, WITHIN)).problems())
        .singleElement()
        .asString()
        .endsWith("wrong, with a comma");
    assertThat(
            new Report(
                    List.of(checked("one", SOUND), new Memory(MemorySampler.AUDIO_OVER_BUDGET, 1)))
                .isSound())
        .isFalse();
  }

  @Test
  void sameSeed_plansTheSameFaults() {
    for (int number = 0; number < 50; number++) {
      assertThat(PlannedFault.of(7, number, Fault.LOSSLESS, Duration.ofSeconds(1)))
          .isEqualTo(PlannedFault.of(7, number, Fault.LOSSLESS, Duration.ofSeconds(1)));
    }
  }

  @Test
  void section_replacesTheOneWithItsHeading() {
    String document = "# Chaos\n\n## A\n\nold\n\n## B\n\nkept\n";

    assertThat(Chaos.replaceSection(document, "## A\n\nnew\n"))
        .isEqualTo("# Chaos\n\n## A\n\nnew\n\n## B\n\nkept\n");
    assertThat(Chaos.replaceSection(document, "## C\n\nnew\n"))
        .isEqualTo("# Chaos\n\n## A\n\nold\n\n## B\n\nkept\n\n## C\n\nnew\n");
  }

  private static Checked checked(String call, Verdict verdict) {
    return new Checked(call, "pcm", "server", verdict, 0, 0, "");
  }

  private static Injected injected(int number, Fault kind, long second) {
    return new Injected(
        number, kind, START.plusSeconds(second), START.plusSeconds(second), "worker-0.1");
  }
}
