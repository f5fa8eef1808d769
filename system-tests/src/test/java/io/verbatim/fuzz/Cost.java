package io.verbatim.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Measures the time per byte of each parser for 256 KiB of hostile inputs, and for the committed
/// samples.
///
/// All inputs of a target are measured in the same run, each as the best of several measurements,
/// so that their ratio is more meaningful than their times.
final class Cost {
  private static final int WARM_UPS = 5;
  private static final int MEASUREMENTS = 9;
  private static final double MAX_RATIO = 20;

  private static final int SAMPLE_BYTES = 64 * 1024;

  /// The text that is repeated until the input is full.
  private enum Hostile {
    NESTED_LISTS("["),
    NESTED_OBJECTS("{\"a\":"),
    CLOSED_LISTS("[],"),
    ESCAPES("\\u0041\\n"),
    BROKEN_ESCAPES("\\ud800"),
    DIGITS("9"),
    NUMBERS("99,"),
    FRACTIONS("1.5e300,"),
    FIELDS("\"f%d\":1,"),
    ONE_FIELD("\"a\":1,"),
    WORDS("{\"word\":\"a\",\"start\":0,\"end\":1},"),
    TEXTS("{\"text\":\"a\"},"),
    BASE64("QUJD"),
    UNICODE("\ud834\udd1e\u00e9"),
    SPACES(" "),
    LINES("\n"),
    ZEROS("\0"),
    DOTS("."),
    COMMAS("10.0.0.1,"),
    PERCENT("%41&a="),
    PLACEHOLDERS("${a:"),
    PEM_BEGINNINGS("-----BEGIN A-----");

    private final String unit;

    Hostile(String unit) {
      this.unit = unit;
    }

    /// An input of this many bytes: the frame, with the repeated text instead of `@`.
    byte[] in(String frame, int size) {
      StringBuilder filling = new StringBuilder(size);
      int room = size - frame.getBytes(UTF_8).length;
      int bytes = 0;
      for (int i = 0; ; i++) {
        String next = unit.replace("%d", Integer.toString(i));
        bytes += next.getBytes(UTF_8).length;
        if (bytes > room) {
          return frame.replace("@", filling).getBytes(UTF_8);
        }
        filling.append(next);
      }
    }
  }

  private record Measured(String input, double nanosPerByte) {}

  private Cost() {}

  /// Prints one line per target; returns whether the worst input costs at most [#MAX_RATIO] times
  /// as much per byte as the median sample.
  static boolean print(List<Target> targets, Path repository) {
    System.out.println(
        "%-18s %7s %14s %14s %12s %7s  %s"
            .formatted(
                "target",
                "inputs",
                "samples' ns/B",
                "hostile ns/B",
                "worst ns/B",
                "ratio",
                "worst"));
    boolean passed = true;
    for (Target target : targets) {
      double sample = median(samples(target, repository));
      List<Measured> hostile = hostile(target);
      Measured worst =
          hostile.stream().max(Comparator.comparingDouble(Measured::nanosPerByte)).orElseThrow();
      double ratio = worst.nanosPerByte() / sample;
      passed &= ratio <= MAX_RATIO;
      System.out.println(
          String.format(
              Locale.ROOT,
              "%-18s %7d %14.2f %14.2f %12.2f %7.2f  %s",
              target.id(),
              hostile.size(),
              sample,
              median(hostile),
              worst.nanosPerByte(),
              ratio,
              worst.input()));
    }
    return passed;
  }

  private static double median(List<Measured> all) {
    List<Double> costs = all.stream().map(Measured::nanosPerByte).sorted().toList();
    return costs.get(costs.size() / 2);
  }

  private static List<Measured> hostile(Target target) {
    List<Measured> all = new ArrayList<>();
    for (String frame : target.frames()) {
      for (Hostile hostile : Hostile.values()) {
        byte[] input = hostile.in(frame, target.maxCostBytes());
        String name = hostile.name().toLowerCase(Locale.ROOT) + " in " + frame.replace("\n", "\\n");
        all.add(new Measured(name, nanos(target.parserOnly(), input, 1) / input.length));
      }
    }
    return all;
  }

  private static List<Measured> samples(Target target, Path repository) {
    try (Stream<Path> files = Files.list(target.inputs(repository))) {
      List<Measured> all = new ArrayList<>();
      for (Path file : files.toList()) {
        byte[] input = Files.readAllBytes(file);
        int times = Math.max(1, SAMPLE_BYTES / Math.max(1, input.length));
        all.add(
            new Measured(
                file.getFileName().toString(),
                nanos(target.parserOnly(), input, times) / times / Math.max(1, input.length)));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double nanos(FuzzTarget parser, byte[] input, int times) {
    long best = Long.MAX_VALUE;
    for (int i = -WARM_UPS; i < MEASUREMENTS; i++) {
      long from = System.nanoTime();
      for (int time = 0; time < times; time++) {
        parser.run(input);
      }
      best = i < 0 ? best : Math.min(best, System.nanoTime() - from);
    }
    return best;
  }
}
