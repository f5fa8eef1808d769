package io.verbatim.fuzz;

import java.util.Arrays;
import java.util.List;

/// The class Jazzer drives, in a process of one target or of several. Says at the end how much
/// memory was alive after its first inputs and after its last.
public final class Driven {
  /// Names the targets of this process, between commas.
  static final String TARGETS = "verbatim.fuzz.targets";

  /// Stands before the two numbers of bytes and the fewest inputs any target was given.
  static final String SUMMARY = "verbatim.fuzz.summary ";

  /// After so many inputs for each everything a parser keeps for ever has been made.
  private static final int SETTLED = 200;

  private static final List<Target> DRIVEN = Target.allNamed(System.getProperty(TARGETS, ""));
  private static final long[] INPUTS = new long[DRIVEN.size()];
  private static long inputs;
  private static long settledBytes;

  private Driven() {}

  /// Before the first input: what a parser loads once is no input's to pay for.
  public static void fuzzerInitialize() {
    for (Target target : DRIVEN) {
      target.reading().read(new byte[0]);
    }
  }

  /// One input, on Jazzer's thread.
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Addressed addressed = Addressed.of(input, DRIVEN);
    INPUTS[DRIVEN.indexOf(addressed.target())]++;
    addressed.target().reading().read(addressed.input());
    if (++inputs == SETTLED * (long) DRIVEN.size()) {
      settledBytes = liveBytes();
    }
  }

  /// After the last input.
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
