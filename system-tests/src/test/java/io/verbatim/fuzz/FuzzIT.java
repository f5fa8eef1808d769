package io.verbatim.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One minute of coverage-guided fuzzing over all parsers, starting from the committed inputs. Uses
/// two concurrent processes, because starting one for each parser would take longer than a minute.
class FuzzIT {
  private static final long MIN_INPUTS = 20;
  private static final Duration EACH = Duration.ofSeconds(30);
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  @Test
  void fuzzedParsers_keepTheirGuarantees() throws IOException {
    String classPath =
        TARGET.resolve("test-classes")
            + File.pathSeparator
            + Files.readString(TARGET.resolve("test-classpath")).strip();
    List<Target> all = List.of(Target.values());
    int half = all.size() / 2;

    List<Outcome> outcomes =
        Fuzz.run(
            List.of(all.subList(0, half), all.subList(half, all.size())),
            EACH,
            2,
            classPath,
            REPOSITORY,
            TARGET.resolve("fuzz-it"));

    assertThat(outcomes)
        .allSatisfy(outcome -> {
          assertThat(outcome.fewest()).as("inputs of each parser").isGreaterThan(MIN_INPUTS);
          assertThat(outcome.settledBytes()).as("memory was measured").isPositive();
        });
    assertThat(outcomes)
        .allSatisfy(outcome -> assertThat(outcome.hasPassed()).as(outcome.line()).isTrue());
  }
}
