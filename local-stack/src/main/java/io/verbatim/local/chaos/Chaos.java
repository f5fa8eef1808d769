package io.verbatim.local.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// `./chaos`: kills, pauses and cuts while calls go on, and counts the words. Ends with code 1
/// where one is lost, repeated or out of order, or a call did not end exactly once.
public final class Chaos {
  private static final int DEFAULT_FAULTS = 30;
  private static final int DEFAULT_LINES = 6;
  private static final int DEFAULT_CALL_SECONDS = 20;
  private static final int DEFAULT_WORKERS = 3;
  private static final int DEFAULT_PAUSE_MILLIS = 1_200;

  private Chaos() {}

  /// `--kills N --seed S --only KIND,KIND --pause MS --workers N --calls N --seconds S --file F
  /// --resume`, from the repository's root.
  public static void main(String[] arguments) throws IOException {
    Path record = Path.of(text(arguments, "--file", "target/chaos.csv")).toAbsolutePath();
    if (record.getParent() != null) {
      Files.createDirectories(record.getParent());
    }
    long seed = Long.parseLong(text(arguments, "--seed", "1"));
    boolean resume = Arrays.asList(arguments).contains("--resume");
    if (!resume) {
      Files.deleteIfExists(record);
    }
    ChaosRun.Plan plan =
        new ChaosRun.Plan(
            seed,
            Integer.parseInt(text(arguments, "--kills", "" + DEFAULT_FAULTS)),
            resume ? done(record, seed) : 0,
            kinds(text(arguments, "--only", "")),
            Integer.parseInt(text(arguments, "--workers", "" + DEFAULT_WORKERS)),
            Integer.parseInt(text(arguments, "--calls", "" + DEFAULT_LINES)),
            Duration.ofSeconds(
                Long.parseLong(text(arguments, "--seconds", "" + DEFAULT_CALL_SECONDS))),
            Duration.ofMillis(
                Long.parseLong(text(arguments, "--pause", "" + DEFAULT_PAUSE_MILLIS))),
            record);
    Path logs = Files.createTempDirectory("verbatim-chaos-");
    System.out.println("logs                      " + logs);
    System.out.println("faults are written to     " + record);
    ChaosRun.Result result;
    try (ChaosRun run = new ChaosRun(plan, Path.of("").toAbsolutePath(), logs)) {
      result = run.run();
    }
    System.out.println("commit                    " + text(arguments, "--commit", "unknown"));
    System.out.print(result.report());
    System.exit(result.sound() ? 0 : 1);
  }

  /// The kinds named, all where none is.
  private static Set<Fault> kinds(String names) {
    return names.isEmpty()
        ? EnumSet.allOf(Fault.class)
        : Arrays.stream(names.split(","))
            .map(Fault::valueOf)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
  }

  /// How many faults of this seed the file has; runs of other seeds are left alone.
  private static int done(Path record, long seed) throws IOException {
    List<String> lines = Files.exists(record) ? Files.readAllLines(record) : List.of();
    return (int) lines.stream().filter(line -> line.split(",", -1)[1].equals("" + seed)).count();
  }

  private static String text(String[] arguments, String name, String preset) {
    int at = Arrays.asList(arguments).indexOf(name);
    return at >= 0 && at + 1 < arguments.length ? arguments[at + 1] : preset;
  }
}
