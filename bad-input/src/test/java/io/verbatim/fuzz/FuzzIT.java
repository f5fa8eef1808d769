package io.verbatim.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A minute of coverage-guided fuzzing over all parsers, from the committed corpus on.
class FuzzIT {
  private static final Duration ALL = Duration.ofSeconds(60);
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @Test
  void noParser_breaksItsPromise() throws IOException {
    Path target = MODULE.resolve("target");
    String classPath =
        target.resolve("classes")
            + File.pathSeparator
            + Files.readString(target.resolve("classpath")).strip();
    List<Target> all = List.of(Target.values());

    List<Outcome> outcomes =
        Fuzz.run(
            all,
            ALL.dividedBy(all.size()),
            2,
            classPath,
            MODULE.resolve("corpus"),
            target.resolve("fuzz"));

    assertThat(outcomes)
        .allSatisfy(outcome -> assertThat(outcome.isSound()).as(outcome.line()).isTrue());
  }
}
