package io.verbatim.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every committed input, the findings of earlier runs with them, without a fuzzer.
class CorpusTest {

  @ParameterizedTest
  @EnumSource(Target.class)
  void committedInputs_areRead(Target target) throws IOException {
    for (Path file : inputs(target)) {
      byte[] input = Files.readAllBytes(file);
      assertThatCode(() -> target.reading().read(input))
          .as(file.toString())
          .doesNotThrowAnyException();
    }
  }

  private static List<Path> inputs(Target target) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("corpus", target.word()))) {
      return files.toList();
    }
  }
}
