package io.verbatim.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A minute of coverage-guided fuzzing over all parsers, from the committed corpus on: two
/// processes side by side, for starting one for each parser would take longer than that.
class FuzzIT {
  private static final long FEWEST = 20;
  private static final Duration EACH = Duration.ofSeconds(30);
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @Test
  void noParser_breaksItsPromise() throws IOException {
    Path target = MODULE.resolve("target");
    String classPath =
        target.resolve("classes")
            + File.pathSeparator
            + Files.readString(target.resolve("classpath")).strip();
    List<Target> all = List.of(Target.values());
    int half = all.size() / 2;

    List<Outcome> outcomes =
        Fuzz.run(
            List.of(all.subList(0, half), all.subList(half, all.size())),
            EACH,
            2,
            classPath,
            MODULE.resolve("corpus"),
            target.resolve("fuzz"));

    assertThat(outcomes)
        .allSatisfy(outcome -> {
          assertThat(outcome.fewest()).as("inputs of each parser").isGreaterThan(FEWEST);
          assertThat(outcome.settledBytes()).as("memory was looked at").isPositive();
        });
    assertThat(outcomes)
        .allSatisfy(outcome -> assertThat(outcome.isSound()).as(outcome.line()).isTrue());
  }
}
