package io.verbatim.bench.soak;

import java.util.List;

/// The resident memory of one service over a run, in equal steps.
///
/// @param bytes the values in order
record Curve(List<Long> bytes) {
  /// By how much the last third may exceed the second.
  private static final double TOLERANCE = 0.05;

  Curve {
    bytes = List.copyOf(bytes);
  }

  /// The growth from the second third to the last one, as a share; the first third is the warm-up.
  /// Zero with fewer than three values.
  double growth() {
    int third = bytes.size() / 3;
    if (third == 0) {
      return 0;
    }
    double second = average(bytes.subList(bytes.size() - 2 * third, bytes.size() - third));
    return average(bytes.subList(bytes.size() - third, bytes.size())) / second - 1;
  }

  boolean isFlat() {
    return growth() <= TOLERANCE;
  }

  long highest() {
    return bytes.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private static double average(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).average().orElse(0);
  }
}
