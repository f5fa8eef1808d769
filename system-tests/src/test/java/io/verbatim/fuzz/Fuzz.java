package io.verbatim.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Fuzzes every parser of external input and prints the results.
public final class Fuzz {
  private Fuzz() {}

  /// Fuzzes the targets, with one process for each list of them; prints the outcome of each process
  /// when it ends.
  ///
  /// @param each duration of each process
  /// @param atATime how many processes run at the same time
  static List<Outcome> run(
      List<List<Target>> processes,
      Duration each,
      int atATime,
      String classPath,
      Path repository,
      Path work) {
    System.out.println(Outcome.HEADER);
    try (ExecutorService threads = Executors.newFixedThreadPool(atATime)) {
      List<Future<Outcome>> running = new ArrayList<>();
      for (List<Target> targets : processes) {
        FuzzProcess fuzzed = new FuzzProcess(targets, classPath, repository, work);
        running.add(
            threads.submit(() -> {
              Outcome outcome = fuzzed.run(each);
              System.out.println(outcome.line());
              return outcome;
            }));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome : running) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while fuzzing", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// `--minutes 60 [--only exotel-frames,wav] [--jobs 1]` divides the time over the targets;
  /// `--cost` measures the cost of the worst inputs instead. Runs in the folder of the modules.
  public static void main(String[] args) {
    List<String> arguments = Arrays.asList(args);
    List<Target> targets =
        option(arguments, "--only", "").isEmpty()
            ? List.of(Target.values())
            : Target.allNamed(option(arguments, "--only", ""));
    Path repository = Path.of("");
    if (arguments.contains("--cost")) {
      System.exit(Cost.print(targets, repository) ? 0 : 1);
    }
    int jobs = Integer.parseInt(option(arguments, "--jobs", "1"));
    Duration all =
        Duration.ofSeconds((long) (Double.parseDouble(option(arguments, "--minutes", "60")) * 60));
    boolean passed =
        run(
                targets.stream().map(List::of).toList(),
                all.multipliedBy(jobs).dividedBy(targets.size()),
                jobs,
                System.getProperty("java.class.path"),
                repository,
                Path.of("system-tests", "target", "fuzz"))
            .stream()
            .allMatch(Outcome::hasPassed);
    System.exit(passed ? 0 : 1);
  }

  private static String option(List<String> arguments, String name, String fallback) {
    int at = arguments.indexOf(name);
    return at >= 0 && at + 1 < arguments.size() ? arguments.get(at + 1) : fallback;
  }
}
