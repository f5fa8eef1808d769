package io.verbatim.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What came of fuzzing, in one process.
///
/// @param name of the target, or how many they were
/// @param executions inputs tried
/// @param fewest of them that any target was given
/// @param edges places in the code that were reached
/// @param corpusBefore inputs known that reach something of their own, before and after
/// @param settledBytes memory alive after the first inputs, and at the end; 0 where too few came
/// @param residentMegabytes of the process, at most
/// @param findings inputs a parser broke its promise on
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
  private static final long GROWTH_ALLOWED = 8L << 20;

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

  /// Whether nothing was found, and nothing grew.
  public boolean isSound() {
    return fewest > 0 && findings.isEmpty() && !hasGrown();
  }

  boolean hasGrown() {
    return settledBytes > 0 && endBytes - settledBytes > GROWTH_ALLOWED;
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
