package io.verbatim.bench.measure;

import java.util.List;
import java.util.Locale;

/// Medians, and the number formats of the tables.
public final class Numbers {
  private Numbers() {}

  /// The median; NaN if empty.
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /// The median, with minimum and maximum if there are several values: `35 (33–36)`.
  public static String spread(List<Double> values) {
    if (values.size() < 2) {
      return number(median(values));
    }
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    return number(median(values)) + " (" + number(least) + "–" + number(most) + ")";
  }

  /// At most three significant digits: `0.43`, `5.2`, `128`.
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    double size = Math.abs(value);
    String pattern = size >= 20 || size == 0 ? "%.0f" : size >= 2 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }

  static String millis(double value) {
    return number(value);
  }

  /// A percentage, such as `99.8 %`.
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /// `p99 / max` in milliseconds.
  public static String percentiles(Latencies latencies) {
    return number(latencies.percentileMillis(0.99)) + " / " + number(latencies.maxMillis());
  }

  /// Whole mebibytes.
  public static String mebibytes(long bytes) {
    return Long.toString(Math.round(bytes / 1048576.0));
  }
}
