package io.verbatim.batch.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs `ffprobe` and `ffmpeg` from the PATH, each as a process with limits on its time, memory and
/// output, at a low priority.
///
/// A process gets only names of ours, and may open only the one file: playlists and other formats
/// that refer to further files are not read.
public final class Ffmpeg {

  /// The longest recording that is converted.
  static final Duration MAX_LENGTH = Duration.ofHours(4);

  private static final int RATE_HZ = 16_000;
  private static final long MAX_OUTPUT_BYTES = MAX_LENGTH.toSeconds() * RATE_HZ * 2 + 1024;
  private static final int MAX_TEXT_BYTES = 64 * 1024;
  private static final int MAX_MEMORY_KB = 1024 * 1024;
  private static final String DEMUXERS = "wav,mp3,mov,flac,ogg,matroska";

  /// Limits the address space and the priority, then becomes the program.
  private static final String LIMITED =
      "ulimit -v " + MAX_MEMORY_KB + "; exec nice -n 10 \"$0\" \"$@\"";

  private final Optional<Path> ffmpeg;
  private final Optional<Path> ffprobe;
  private final Duration timeout;

  private Ffmpeg(Optional<Path> ffmpeg, Optional<Path> ffprobe, Duration timeout) {
    this.ffmpeg = ffmpeg;
    this.ffprobe = ffprobe;
    this.timeout = timeout;
  }

  /// The programs in these directories.
  ///
  /// @param path directories as in the variable PATH
  /// @param timeout of each process
  public static Ffmpeg on(String path, Duration timeout) {
    return new Ffmpeg(find(path, "ffmpeg"), find(path, "ffprobe"), timeout);
  }

  private static Optional<Path> find(String path, String program) {
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Whether both programs are installed.
  public boolean isInstalled() {
    return ffmpeg.isPresent() && ffprobe.isPresent();
  }

  /// The length of a recording; empty if the file does not state it.
  ///
  /// @throws BatchException if it has no audio, or is none of the accepted formats
  Optional<Duration> length(Path file) throws InterruptedException {
    List<String> arguments = new ArrayList<>(inputLimits());
    arguments.addAll(List.of("-show_entries", "format=duration:stream=codec_type", "-of", "json"));
    arguments.add("file:" + file);
    JsonNode found = json(run(ffprobe, arguments, file));
    boolean hasAudio =
        found
            .path("streams")
            .valueStream()
            .anyMatch(stream -> stream.path("codec_type").asString("").equals("audio"));
    if (!hasAudio) {
      throw new BatchException(FailureKind.UNREADABLE, "The recording contains no audio.");
    }
    String seconds = found.path("format").path("duration").asString("");
    return seconds.matches("\\d{1,9}(\\.\\d+)?")
        ? Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000)))
        : Optional.empty();
  }

  /// Writes the first audio track as WAV with 16 bit, 16 kHz, mono.
  void convert(Path file, Path wav) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-nostdin"));
    arguments.addAll(inputLimits());
    arguments.addAll(List.of("-threads", "1", "-i", "file:" + file, "-map", "0:a:0"));
    arguments.addAll(List.of("-ac", "1", "-ar", Integer.toString(RATE_HZ), "-c:a", "pcm_s16le"));
    arguments.addAll(List.of("-threads", "1", "-fs", Long.toString(MAX_OUTPUT_BYTES)));
    arguments.addAll(List.of("-f", "wav", "-y", "file:" + wav));
    run(ffmpeg, arguments, file);
  }

  private static List<String> inputLimits() {
    return List.of(
        "-v",
        "error",
        "-hide_banner",
        "-max_alloc",
        "134217728",
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        DEMUXERS);
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException unreadable) {
      throw new BatchException(FailureKind.UNREADABLE, "The recording cannot be read.");
    }
  }

  /// Runs a program to its end and returns its output.
  private String run(Optional<Path> program, List<String> arguments, Path file)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", LIMITED));
    command.add(program.orElseThrow(Ffmpeg::missing).toString());
    command.addAll(arguments);
    Process process = start(command);
    try {
      CompletableFuture<String> output = readAsync(process.getInputStream());
      CompletableFuture<String> errors = readAsync(process.getErrorStream());
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new BatchException(
            FailureKind.UNREADABLE,
            "Reading the recording took longer than %d s.".formatted(timeout.toSeconds()));
      }
      if (process.exitValue() != 0) {
        throw new BatchException(
            FailureKind.UNREADABLE, "The recording cannot be read: " + finding(errors, file));
      }
      return output.get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new BatchException(FailureKind.UNREADABLE, "The recording cannot be read.");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Process start(List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().retainAll(List.of("PATH", "LD_LIBRARY_PATH"));
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException notStarted) {
      throw missing();
    }
  }

  static BatchException missing() {
    return new BatchException(
        FailureKind.FFMPEG_MISSING,
        "This format needs ffmpeg and ffprobe, which are not installed on this gateway. Send wav,"
            + " or install ffmpeg.");
  }

  /// Reads a bounded part of the text and discards the rest, so that the process does not wait.
  private static CompletableFuture<String> readAsync(InputStream in) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (in) {
            byte[] head = in.readNBytes(MAX_TEXT_BYTES);
            in.transferTo(java.io.OutputStream.nullOutputStream());
            text.complete(new String(head, UTF_8));
          } catch (IOException ended) {
            text.complete("");
          }
        });
    return text;
  }

  /// The last line of the program's errors, without the file's path.
  private static String finding(CompletableFuture<String> errors, Path file)
      throws InterruptedException, ExecutionException, TimeoutException {
    String last =
        errors.get(1, TimeUnit.SECONDS).lines().reduce("unknown error", (_, line) -> line);
    String withoutPath =
        last.replace("file:" + file, "").replace(file.toString(), "").replaceAll("^[:\\s]+", "");
    return BatchException.quoted(withoutPath);
  }
}
