package io.verbatim.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunOptionsTest {

  @Test
  void noOption_playsTheSampleCallOnce() {
    RunOptions options = RunOptions.parse(List.of());

    assertThat(options.call()).isNull();
    assertThat(options.calls()).isEqualTo(1);
    assertThat(options.exit()).isFalse();
    assertThat(options.ports()).isEqualTo(new RunOptions.Ports(0, 0, 0));
  }

  @Test
  void options_areParsed() {
    RunOptions options =
        RunOptions.parse(
            List.of(
                "--call",
                "my.wav",
                "--calls",
                "3",
                "--redis-url",
                "redis://there",
                "--ingest-port",
                "1",
                "--worker-port",
                "2",
                "--gateway-port",
                "3",
                "--exit"));

    assertThat(options.call()).isEqualTo(Path.of("my.wav"));
    assertThat(options.calls()).isEqualTo(3);
    assertThat(options.redisUrl()).isEqualTo("redis://there");
    assertThat(options.ports()).isEqualTo(new RunOptions.Ports(1, 2, 3));
    assertThat(options.exit()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "--wrong, unknown option --wrong",
    "--call, --call needs a value",
    "--calls 0, --calls must be a number from 1 to 20",
    "--calls many, not many",
    "--gateway-port 70000, from 1 to 65535",
    "--pcm my.wav, --pcm needs --token",
    "--exit --no-call, --exit waits for a call",
    "--kill-worker --calls 2, --kill-worker plays the sample call"
  })
  void invalidOptions_areRejectedWithAMessage(String line, String message) {
    assertThatThrownBy(() -> RunOptions.parse(List.of(line.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
