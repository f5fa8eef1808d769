package io.verbatim.bench.setup;

import java.util.Arrays;
import java.util.List;

/// How the JVM of a service runs, besides the flags of its Dockerfile.
///
/// @param flags separated by blanks; of two of a kind the JVM takes the last
/// @param extracted whether the jar is extracted first (`-Djarmode=tools extract`): an AOT cache
///   holds no class from a nested jar
public record JavaOptions(String flags, boolean extracted) {
  /// The Dockerfile's flags alone.
  public static final JavaOptions NONE = new JavaOptions("", false);

  /// The same with more flags.
  public JavaOptions with(String more) {
    return new JavaOptions((flags + " " + more).strip(), extracted);
  }

  List<String> list() {
    return Arrays.stream(flags.split(" ", -1)).filter(flag -> !flag.isEmpty()).toList();
  }
}
