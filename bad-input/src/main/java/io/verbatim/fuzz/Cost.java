package io.verbatim.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Measures what 256 KiB of the worst kinds cost each parser, per byte.
///
/// All inputs of a target are measured in the same run, each the best of several, so that their
/// ratio says more than their times.
final class Cost {
  private static final int BYTES = 256 * 1024;
  private static final int WARM_UPS = 5;
  private static final int MEASUREMENTS = 9;
  private static final double MOST_TIMES_MEDIAN = 20;

  /// A cost below this is the call's own, not the input's: 256 KiB in a quarter of a millisecond.
  private static final double LEAST_NANOS_PER_BYTE = 1;

  /// What is repeated until the input is full.
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

    /// An input of 256 KiB: the frame, with this in the place of its `@`.
    byte[] in(String frame) {
      StringBuilder filling = new StringBuilder(BYTES);
      int room = BYTES - frame.getBytes(UTF_8).length;
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

  /// Prints a line per target; answers whether the worst costs less than 20 times the median.
  static boolean print(List<Target> targets) {
    System.out.println(
        "%-18s %7s %12s %12s %7s  %s"
            .formatted("target", "inputs", "median ns/B", "worst ns/B", "ratio", "the worst"));
    boolean sound = true;
    for (Target target : targets) {
      List<Measured> all = new ArrayList<>(measure(target));
      all.sort(Comparator.comparingDouble(Measured::nanosPerByte));
      Measured worst = all.getLast();
      double median = all.get(all.size() / 2).nanosPerByte();
      double ratio = worst.nanosPerByte() / Math.max(median, LEAST_NANOS_PER_BYTE);
      sound &= ratio <= MOST_TIMES_MEDIAN;
      System.out.println(
          String.format(
              Locale.ROOT,
              "%-18s %7d %12.3f %12.3f %7.1f  %s",
              target.word(),
              all.size(),
              median,
              worst.nanosPerByte(),
              ratio,
              worst.input()));
    }
    return sound;
  }

  private static List<Measured> measure(Target target) {
    List<Measured> all = new ArrayList<>();
    for (String frame : target.frames()) {
      for (Hostile hostile : Hostile.values()) {
        byte[] input = hostile.in(frame);
        String name = hostile.name().toLowerCase(Locale.ROOT) + " in " + frame.replace("\n", "\\n");
        all.add(new Measured(name, nanos(target.reading(), input) / input.length));
      }
    }
    return all;
  }

  private static double nanos(Reading reading, byte[] input) {
    long best = Long.MAX_VALUE;
    for (int i = -WARM_UPS; i < MEASUREMENTS; i++) {
      long from = System.nanoTime();
      reading.read(input);
      best = i < 0 ? best : Math.min(best, System.nanoTime() - from);
    }
    return best;
  }
}
