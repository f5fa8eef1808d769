package io.verbatim.bench.setup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The options of one run: `--name value` pairs, and flags without a value.
public final class Options {
  private static final Set<String> FLAGS = Set.of("--no-peer", "--image");
  private static final Set<String> VALUES =
      Set.of(
          "--calls",
          "--watchers",
          "--walls",
          "--rate",
          "--requests",
          "--seconds",
          "--minutes",
          "--megabits",
          "--warmup",
          "--windows",
          "--java-options",
          "--cpus",
          "--idle",
          "--quiet",
          "--table",
          "--label",
          "--filter",
          "--redis-delay",
          "--service");

  private final Map<String, String> given = new HashMap<>();

  /// @throws BenchException if an option is unknown or has no value
  public Options(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      if (FLAGS.contains(name)) {
        given.put(name, "");
      } else if (VALUES.contains(name) && i + 1 < arguments.size()) {
        given.put(name, arguments.get(++i));
      } else {
        throw new BenchException(
            "Option \"" + name + "\" is unknown or has no value. See ./bench --help.");
      }
    }
  }

  public boolean has(String name) {
    return given.containsKey(name);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(given.get(name));
  }

  public int number(String name, int defaultValue) {
    return numbers(name, List.of(defaultValue)).getFirst();
  }

  public double decimal(String name, double defaultValue) {
    try {
      return text(name).map(Double::parseDouble).orElse(defaultValue);
    } catch (NumberFormatException _) {
      throw new BenchException("Option " + name + " must be a number, such as 0.5.");
    }
  }

  /// A list of numbers such as `20,100,300`.
  public List<Integer> numbers(String name, List<Integer> defaultValue) {
    try {
      return text(name)
          .map(list -> Arrays.stream(list.split(",")).map(Integer::parseInt).toList())
          .orElse(defaultValue);
    } catch (NumberFormatException _) {
      throw new BenchException("Option " + name + " must be whole numbers, such as 20 or 20,100.");
    }
  }

  /// The duration of a measurement window.
  public Duration window() {
    return Duration.ofMillis(Math.round(decimal("--seconds", 7) * 1000));
  }

  /// The duration of the load before the first window.
  public Duration warmup() {
    return Duration.ofMillis(Math.round(decimal("--warmup", 15) * 1000));
  }

  /// The number of measurement windows for each row of the table.
  public int windows() {
    return number("--windows", 3);
  }

  /// The start of a table's note: its number of windows and their duration.
  public String windowsNote() {
    return "Medians of "
        + windows()
        + " windows of "
        + window().toMillis() / 1000.0
        + " s each (min–max)";
  }

  /// The JVM options of the services, in addition to the flags of their container images.
  public JavaOptions javaOptions() {
    return new JavaOptions(text("--java-options").orElse(""), has("--image"));
  }

  /// Whether the peer, a comparable program, is measured too.
  public boolean peer() {
    return !has("--no-peer");
  }

  /// The delay between the services and Redis in each direction; zero for direct connections.
  public Duration redisDelay() {
    double millis = decimal("--redis-delay", 0);
    if (millis < 0 || millis > 1000) {
      throw new BenchException("Option --redis-delay must be 0 to 1000 milliseconds.");
    }
    return Duration.ofNanos(Math.round(millis * 1_000_000));
  }

  /// The file that receives the table, in addition to standard output.
  public Optional<Path> table() {
    return text("--table").map(Path::of);
  }
}
