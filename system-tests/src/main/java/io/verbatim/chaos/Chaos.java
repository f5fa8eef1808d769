package io.verbatim.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The program behind `./chaos`: injects faults during calls and checks the transcripts. Exits with
/// code 1 if a word is lost, repeated, out of order or at the wrong time, or if a call did not end
/// exactly once.
public final class Chaos {
  private Chaos() {}

  /// Runs in the repository's root, with the options of [ChaosOptions].
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ChaosOptions options;
    try {
      options = ChaosOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("chaos: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path file = options.journal().toAbsolutePath();
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    if (!options.resume()) {
      Files.deleteIfExists(file);
    }
    Journal journal = new Journal(file);
    Path logs = Files.createTempDirectory("verbatim-chaos-");
    System.out.println("Logs: " + logs + ". Journal: " + file);
    Report before = new Report(journal.read());
    if (!before.isOf(options.plan().seed())) {
      System.err.println(
          "chaos: "
              + file
              + " belongs to a run with another seed. Use its seed, or another --file.");
      System.exit(2);
      return;
    }
    try (ChaosRun run =
        new ChaosRun(options.plan(), journal, options.commit(), roots(options), logs)) {
      run.run(before::isDone, options.time());
    }
    Report report = new Report(journal.read());
    String section = report.markdown(options.plan(), options.command());
    System.out.print(section);
    Path table = options.table();
    if (table != null) {
      String document = Files.exists(table) ? Files.readString(table) : "";
      Files.writeString(table, replaceSection(document, section));
    }
    System.exit(report.isSound() ? 0 : 1);
  }

  private static List<Path> roots(ChaosOptions options) {
    Path current = Path.of("").toAbsolutePath();
    Path previous = options.previous();
    return previous == null ? List.of(current) : List.of(current, previous.toAbsolutePath());
  }

  /// Replaces the section with the same heading of level two, or appends the section at the end.
  static String replaceSection(String document, String section) {
    String heading = section.lines().findFirst().orElseThrow();
    int from = (document + "\n").indexOf(heading + "\n");
    if (from < 0) {
      return document.isEmpty() ? section : document.stripTrailing() + "\n\n" + section;
    }
    int next = document.indexOf("\n## ", from);
    String rest = next < 0 ? "" : "\n" + document.substring(next + 1);
    return document.substring(0, from) + section + rest;
  }
}
