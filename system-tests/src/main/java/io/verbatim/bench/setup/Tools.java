package io.verbatim.bench.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Finds the programs that a benchmark needs. The error for a missing one contains the install
/// command.
public final class Tools {
  private static final List<String> EXTRA_DIRECTORIES = List.of("/usr/sbin", "/usr/local/sbin");

  private Tools() {}

  /// The path of a program.
  ///
  /// @param install the command that installs it, for the error message
  public static Path program(String name, String install) {
    List<String> directories = Arrays.asList(System.getenv().getOrDefault("PATH", "").split(":"));
    return java.util.stream.Stream.concat(directories.stream(), EXTRA_DIRECTORIES.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new BenchException("This benchmark needs " + name + ". Install it: " + install));
  }

  /// Checks that a file exists.
  public static Path file(Path path, String install) {
    if (!Files.exists(path)) {
      throw new BenchException("This benchmark needs " + path + ". Install it: " + install);
    }
    return path;
  }
}
