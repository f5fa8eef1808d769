package io.verbatim.batch.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The limits of processes, with shell scripts in the place of the programs.
class FfmpegTest {

  @TempDir Path directory = Path.of("");

  private Ffmpeg program(String script, Duration timeout) throws IOException {
    for (String name : new String[] {"ffprobe", "ffmpeg"}) {
      Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
    return Ffmpeg.on(directory + ":", timeout);
  }

  private static BatchException failure(Ffmpeg ffmpeg) {
    return catchThrowableOfType(
        BatchException.class, () -> ffmpeg.length(Path.of("/uploads/recording")));
  }

  @Test
  void length_isRead() throws IOException, InterruptedException {
    Ffmpeg ffmpeg =
        program(
            "echo '{\"streams\":[{\"codec_type\":\"audio\"}],\"format\":{\"duration\":\"61.5\"}}'",
            Duration.ofSeconds(10));

    assertThat(ffmpeg.length(Path.of("a"))).hasValue(Duration.ofMillis(61_500));
  }

  @Test
  void missingPrograms_areRefusedInOneSentence() {
    Ffmpeg ffmpeg = Ffmpeg.on(directory.toString(), Duration.ofSeconds(10));

    BatchException failure =
        catchThrowableOfType(
            BatchException.class,
            () -> {
              Path file = Files.writeString(directory.resolve("a"), "fLaC");
              new RecordingReader(ffmpeg).read(file, /* video= */ false);
            });

    assertThat(failure.kind()).isEqualTo(FailureKind.FFMPEG_MISSING);
    assertThat(failure.sentence()).contains("needs ffmpeg and ffprobe");
  }

  @Test
  void slowProgram_isEndedWithItsChildren() throws IOException {
    Path pid = directory.resolve("pid");
    Ffmpeg ffmpeg =
        program("sleep 60 & echo $! > '%s'; wait".formatted(pid), Duration.ofMillis(500));

    BatchException failure = failure(ffmpeg);

    assertThat(failure.sentence()).startsWith("Reading the recording took longer than");
    long child = Long.parseLong(Files.readString(pid).strip());
    ProcessHandle.of(child).ifPresent(process -> process.onExit().join());
  }

  @Test
  void memory_isLimited() throws IOException {
    BatchException failure =
        failure(program("echo limit $(ulimit -v) >&2; exit 1", Duration.ofSeconds(10)));

    assertThat(failure.sentence()).isEqualTo("The recording cannot be read: limit 1048576");
  }

  @Test
  void endlessOutput_isDiscarded() throws IOException {
    BatchException failure =
        failure(program("head -c 5000000 /dev/zero >&2; exit 1", Duration.ofSeconds(10)));

    assertThat(failure.sentence()).hasSizeLessThan(300);
  }

  @Test
  void finding_doesNotContainThePath() throws IOException {
    BatchException failure =
        failure(
            program(
                "echo \"file:/uploads/recording: Invalid data\" >&2; exit 1",
                Duration.ofSeconds(10)));

    assertThat(failure.sentence()).isEqualTo("The recording cannot be read: Invalid data");
  }

  @Test
  void environment_isNotPassedOn() throws IOException {
    BatchException failure =
        failure(
            program(
                "echo $(env | grep -vc '^PATH\\|^PWD\\|^_\\|^SHLVL\\|^OLDPWD\\|^LD_') >&2;"
                    + " exit 1",
                Duration.ofSeconds(10)));

    assertThat(failure.sentence()).isEqualTo("The recording cannot be read: 0");
  }
}
