package io.verbatim.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Fuzzes every parser of what comes from outside, and tells what came of it.
public final class Fuzz {
  private Fuzz() {}

  /// Fuzzes the targets, a process for each list of them and so many processes at a time; tells of
  /// each as it is done.
  ///
  /// @param each for how long each of the processes
  static List<Outcome> run(
      List<List<Target>> processes,
      Duration each,
      int atATime,
      String classPath,
      Path corpora,
      Path work) {
    System.out.println(Outcome.HEADER);
    try (ExecutorService threads = Executors.newFixedThreadPool(atATime)) {
      List<Future<Outcome>> running = new ArrayList<>();
      for (List<Target> targets : processes) {
        FuzzedTargets fuzzed = new FuzzedTargets(targets, classPath, corpora, work);
        running.add(
            threads.submit(() -> {
              Outcome outcome = fuzzed.run(each);
              System.out.println(outcome.line());
              return outcome;
            }));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> one : running) {
        outcomes.add(one.get());
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
  /// `--cost` measures instead what the worst inputs cost.
  public static void main(String[] arguments) {
    List<String> given = Arrays.asList(arguments);
    List<Target> targets =
        option(given, "--only", "").isEmpty()
            ? List.of(Target.values())
            : Target.allNamed(option(given, "--only", ""));
    Path module = Path.of(option(given, "--module", "bad-input"));
    if (given.contains("--cost")) {
      System.exit(Cost.print(targets, module.resolve("corpus")) ? 0 : 1);
    }
    int jobs = Integer.parseInt(option(given, "--jobs", "1"));
    Duration all =
        Duration.ofSeconds((long) (Double.parseDouble(option(given, "--minutes", "60")) * 60));
    boolean sound =
        run(
                targets.stream().map(List::of).toList(),
                all.multipliedBy(jobs).dividedBy(targets.size()),
                jobs,
                System.getProperty("java.class.path"),
                module.resolve("corpus"),
                module.resolve("target"))
            .stream()
            .allMatch(Outcome::isSound);
    System.exit(sound ? 0 : 1);
  }

  private static String option(List<String> given, String name, String otherwise) {
    int at = given.indexOf(name);
    return at >= 0 && at + 1 < given.size() ? given.get(at + 1) : otherwise;
  }
}
