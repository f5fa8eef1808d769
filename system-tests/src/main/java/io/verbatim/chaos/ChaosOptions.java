package io.verbatim.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The options of `./chaos`.
///
/// @param time after which no further fault starts; `--resume` runs the remaining faults
/// @param journal the file of the run's journal
/// @param resume whether to continue the run in that file
/// @param table the Markdown file that receives the run's section; null for none
/// @param previous another checkout, of which every second process runs the jars; null for none
/// @param command the command line, for the table
record ChaosOptions(
    Plan plan,
    Duration time,
    Path journal,
    boolean resume,
    @Nullable Path table,
    @Nullable Path previous,
    String commit,
    String command) {

  /// Reads a command line.
  ///
  /// @throws IllegalArgumentException with a message for the user
  static ChaosOptions parse(List<String> arguments) {
    Deque<String> rest = new ArrayDeque<>(arguments);
    List<String> command = new ArrayList<>(List.of("./chaos"));
    Scenario scenario = null;
    int kills = 30;
    long seed = 1;
    Set<Fault> only = Set.of();
    Duration pause = Duration.ofMillis(1_200);
    int ingests = 2;
    int workers = 3;
    int gateways = 2;
    int calls = 6;
    Duration callLength = Duration.ofSeconds(20);
    Plan.Redis redis = Plan.Redis.DURABLE;
    Duration time = Duration.ofDays(1);
    Path journal = Path.of("target/chaos.csv");
    boolean resume = false;
    Path table = null;
    Path previous = null;
    String commit = "unknown";
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      String value =
          option.equals("--resume") ? "" : rest.isEmpty() ? missing(option) : rest.removeFirst();
      switch (option) {
        case "--scenario" -> scenario = Scenario.named(value);
        case "--kills" -> kills = number(option, value);
        case "--seed" -> seed = number(option, value);
        case "--only" -> only = kinds(value);
        case "--pause" -> pause = Duration.ofMillis(number(option, value));
        case "--ingests" -> ingests = number(option, value);
        case "--workers" -> workers = number(option, value);
        case "--gateways" -> gateways = number(option, value);
        case "--calls" -> calls = number(option, value);
        case "--seconds" -> callLength = Duration.ofSeconds(number(option, value));
        case "--redis" -> redis = redis(value);
        case "--minutes" -> time = Duration.ofMinutes(number(option, value));
        case "--file" -> journal = Path.of(value);
        case "--resume" -> resume = true;
        case "--table" -> table = Path.of(value);
        case "--previous" -> previous = Path.of(value);
        case "--commit" -> commit = value;
        default ->
            throw new IllegalArgumentException("unknown option " + option + "; see ./chaos --help");
      }
      if (!List.of("--commit", "--file", "--table", "--resume", "--minutes").contains(option)) {
        command.add(option);
        command.add(value);
      }
    }
    Plan plan =
        scenario != null
            ? scenario.plan()
            : random(
                kills,
                seed,
                only,
                pause,
                new Plan.Setup(redis, ingests, workers, gateways, Duration.ZERO),
                Plan.Load.mixed(calls, callLength));
    return new ChaosOptions(
        plan, time, journal, resume, table, previous, commit, String.join(" ", command));
  }

  /// Random faults by seed. Without a durable Redis, excludes the faults that require one.
  private static Plan random(
      int count, long seed, Set<Fault> only, Duration pause, Plan.Setup setup, Plan.Load load) {
    boolean durable = setup.redis() == Plan.Redis.DURABLE;
    Set<Fault> kinds = EnumSet.copyOf(only.isEmpty() ? Fault.LOSSLESS : only);
    if (!durable) {
      kinds.removeAll(
          Set.of(Fault.INGEST_KILL, Fault.INGEST_STOP, Fault.CALLER_MOVE, Fault.REDIS_FAILOVER));
    }
    return new Plan(
        durable ? "Random faults" : "Random faults, and a Redis that comes back empty",
        seed,
        count,
        number -> PlannedFault.of(seed, number, kinds, pause),
        true,
        !durable,
        setup,
        load);
  }

  private static String missing(String option) {
    throw new IllegalArgumentException(option + " needs a value");
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(option + " must be a number, not " + value);
    }
  }

  private static Plan.Redis redis(String value) {
    return switch (value) {
      case "durable" -> Plan.Redis.DURABLE;
      case "ordinary" -> Plan.Redis.ORDINARY;
      default ->
          throw new IllegalArgumentException("--redis must be durable or ordinary, not " + value);
    };
  }

  private static Set<Fault> kinds(String names) {
    return Arrays.stream(names.split(","))
        .map(Fault::valueOf)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
  }
}
