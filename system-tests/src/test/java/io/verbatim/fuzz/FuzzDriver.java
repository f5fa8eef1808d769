package io.verbatim.fuzz;

import java.util.Arrays;
import java.util.List;

/// The class that Jazzer calls, in a process of one or several targets. Prints at the end how much
/// memory was live after the first inputs and after the last.
public final class FuzzDriver {
  /// System property with the targets of this process, separated by commas.
  static final String TARGETS = "verbatim.fuzz.targets";

  /// Prefix of the line with the live bytes, first and last, and the fewest inputs of any target.
  static final String SUMMARY = "verbatim.fuzz.summary ";

  /// Inputs per target after which a parser has created everything that it keeps permanently.
  private static final int SETTLED_INPUTS = 200;

  private static final List<Target> ALL_TARGETS = Target.allNamed(System.getProperty(TARGETS, ""));
  private static final long[] INPUTS = new long[ALL_TARGETS.size()];
  private static long inputs;
  private static long settledBytes;

  private FuzzDriver() {}

  /// Runs before the first input, so that one-time loading is not attributed to an input.
  public static void fuzzerInitialize() {
    for (Target target : ALL_TARGETS) {
      target.fuzzTarget().run(new byte[0]);
    }
  }

  /// Runs one input, on Jazzer's thread.
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    RoutedInput routed = RoutedInput.of(input, ALL_TARGETS);
    INPUTS[ALL_TARGETS.indexOf(routed.target())]++;
    routed.target().fuzzTarget().run(routed.input());
    if (++inputs == SETTLED_INPUTS * (long) ALL_TARGETS.size()) {
      settledBytes = liveBytes();
    }
  }

  /// Runs after the last input.
  public static void fuzzerTearDown() {
    long fewest = Arrays.stream(INPUTS).min().orElse(0);
    System.err.println(SUMMARY + settledBytes + " " + liveBytes() + " " + fewest);
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
