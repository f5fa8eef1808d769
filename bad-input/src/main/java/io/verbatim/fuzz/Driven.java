package io.verbatim.fuzz;

/// The class Jazzer drives, in a process of one target. Says at the end how much memory was alive
/// after its first inputs and after its last.
public final class Driven {
  /// Names the target of this process.
  static final String TARGET = "verbatim.fuzz.target";

  /// Stands before the two numbers of bytes.
  static final String MEMORY = "verbatim.fuzz.memory ";

  /// After so many inputs everything a parser keeps for ever has been made.
  private static final int SETTLED = 5_000;

  private static final Reading READING = Target.named(System.getProperty(TARGET, "")).reading();
  private static long inputs;
  private static long settledBytes;

  private Driven() {}

  /// Before the first input: what a parser loads once is no input's to pay for.
  public static void fuzzerInitialize() {
    READING.read(new byte[0]);
  }

  /// One input, on Jazzer's thread.
  public static void fuzzerTestOneInput(byte[] input) {
    READING.read(input);
    if (++inputs == SETTLED) {
      settledBytes = liveBytes();
    }
  }

  /// After the last input.
  public static void fuzzerTearDown() {
    System.err.println(MEMORY + settledBytes + " " + liveBytes());
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
