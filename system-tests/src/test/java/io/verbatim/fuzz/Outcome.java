package io.verbatim.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// The result of one fuzzing process.
///
/// @param name of the target, or the number of targets
/// @param executions inputs run
/// @param fewest the fewest inputs of any target
/// @param edges control-flow edges that were reached
/// @param corpusBefore known inputs that each reach some code of their own, before the run
/// @param corpusAfter the same, after the run
/// @param settledBytes live memory after the first inputs; 0 if there were too few
/// @param endBytes live memory at the end
/// @param residentMegabytes peak of the process
/// @param findings inputs that broke a parser's guarantee
public record Outcome(
    String name,
    Duration time,
    long executions,
    long fewest,
    long edges,
    long corpusBefore,
    long corpusAfter,
    long settledBytes,
    long endBytes,
    long residentMegabytes,
    List<Path> findings,
    Path log) {
  private static final long MAX_GROWTH_BYTES = 8L << 20;

  static final String HEADER =
      "%-18s %6s %11s %11s %8s %7s %13s %15s %6s  %s"
          .formatted(
              "target",
              "s",
              "inputs",
              "fewest",
              "per s",
              "edges",
              "corpus",
              "live KiB",
              "RSS MB",
              "found");

  public Outcome {
    findings = List.copyOf(findings);
  }

  /// Whether every target was run, nothing was found and the memory did not grow.
  public boolean hasPassed() {
    return fewest > 0 && findings.isEmpty() && !hasGrown();
  }

  boolean hasGrown() {
    return settledBytes > 0 && endBytes - settledBytes > MAX_GROWTH_BYTES;
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-18s %6d %11d %11d %8d %7d %13s %15s %6d  %s",
        name,
        time.toSeconds(),
        executions,
        fewest,
        executions * 1000 / Math.max(1, time.toMillis()),
        edges,
        corpusBefore + " > " + corpusAfter,
        (settledBytes >> 10) + " > " + (endBytes >> 10),
        residentMegabytes,
        found());
  }

  private String found() {
    if (!findings.isEmpty()) {
      return findings + ", see " + log;
    }
    if (fewest == 0) {
      return "a target was not run, see " + log;
    }
    return hasGrown() ? "memory grows" : "nothing";
  }
}
