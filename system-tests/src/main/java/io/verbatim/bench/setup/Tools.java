package io.verbatim.bench.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Finds the programs a benchmark needs, or names what to install.
public final class Tools {
  private static final List<String> EVEN_WITHOUT_PATH = List.of("/usr/sbin", "/usr/local/sbin");

  private Tools() {}

  /// The path of a program.
  ///
  /// @param install how a person installs it
  public static Path program(String name, String install) {
    List<String> directories = Arrays.asList(System.getenv().getOrDefault("PATH", "").split(":"));
    return java.util.stream.Stream.concat(directories.stream(), EVEN_WITHOUT_PATH.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new BenchException("This benchmark needs " + name + ". Install it: " + install));
  }

  /// A file that must exist.
  public static Path file(Path path, String install) {
    if (!Files.exists(path)) {
      throw new BenchException("This benchmark needs " + path + ". Install it: " + install);
    }
    return path;
  }
}
