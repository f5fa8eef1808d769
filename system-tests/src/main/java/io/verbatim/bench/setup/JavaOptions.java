package io.verbatim.bench.setup;

import java.util.Arrays;
import java.util.List;

/// JVM options of a service, in addition to the flags of its image.
///
/// @param flags separated by blanks; a later flag overrides an earlier one
/// @param image whether the service runs from the directory of its image, with its ahead-of-time
///   cache, and not from its jar
public record JavaOptions(String flags, boolean image) {
  /// The image's flags alone, with the jar.
  public static final JavaOptions NONE = new JavaOptions("", false);

  /// These options with more flags.
  public JavaOptions with(String more) {
    return new JavaOptions((flags + " " + more).strip(), image);
  }

  List<String> list() {
    return Arrays.stream(flags.split(" ", -1)).filter(flag -> !flag.isEmpty()).toList();
  }
}
