package io.verbatim.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Prometheus's own tool accepts the alerts, and fires each in its test. Runs with `-Ppromtool`.
@Tag("promtool")
class PromtoolTest {

  private static void assertAccepted(String... arguments) throws InterruptedException {
    List<String> command = Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(AlertRules.DIRECTORY.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    } catch (IOException missing) {
      throw new AssertionError(
          "promtool is missing: install Prometheus (Debian: apt-get install prometheus), or run the"
              + " build without -Ppromtool",
          missing);
    }
  }

  @Test
  void rules_areValid() throws InterruptedException {
    assertAccepted("check", "rules", "verbatim.rules.yml");
  }

  @Test
  void everyAlert_firesInItsTest() throws InterruptedException {
    assertAccepted("test", "rules", AlertRules.TESTS);
  }
}
