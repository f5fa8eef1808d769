package io.verbatim.local.chaos;

import io.verbatim.local.numbers.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/// The file of a run, a line for everything that happened, written at once: a run that is broken
/// off goes on where it stopped, and its table is made of all parts. Thread-safe.
final class Journal {
  /// One line.
  sealed interface Line {}

  /// A part of the run begins.
  record Begun(Instant at, long seed, String commit) implements Line {}

  /// A fault has passed.
  record Struck(int number, Fault kind, Instant from, Instant to, String victim) implements Line {}

  /// A call went on elsewhere.
  record Takeover(int fault, long millis) implements Line {}

  /// How long a browser was without words of a call because of a fault.
  record Silence(int fault, long millis) implements Line {}

  /// A call was judged, as one reader saw it.
  ///
  /// @param reader who; `browser` or `server`
  /// @param unsent frames of its script that never came to be stored, for the call was cut
  /// @param complaint what else is wrong with it; empty where nothing is
  record Judged(
      String callId,
      String dialect,
      String reader,
      Verdict verdict,
      int resyncs,
      int unsent,
      String complaint)
      implements Line {}

  /// How many connections of browsers were cut besides the faults.
  record BrowsersCut(int connections) implements Line {}

  /// The most memory a service was seen with.
  record Memory(String what, long bytes) implements Line {}

  /// A part of the run has ended by itself, its calls judged.
  ///
  /// @param wrong sessions of the recogniser that were sent wrong audio
  record Ended(Instant at, int wrong) implements Line {}

  private final Path file;

  Journal(Path file) {
    this.file = file;
  }

  synchronized void write(Line line) {
    try {
      Files.writeString(
          file, format(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized List<Line> read() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Journal::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String format(Line line) {
    return switch (line) {
      case Begun(Instant at, long seed, String commit) -> "begun," + at + "," + seed + "," + commit;
      case Struck(int number, Fault kind, Instant from, Instant to, String victim) ->
          "struck," + number + "," + kind + "," + from + "," + to + "," + victim;
      case Takeover(int fault, long millis) -> "takeover," + fault + "," + millis;
      case Silence(int fault, long millis) -> "silence," + fault + "," + millis;
      case Judged judged ->
          String.join(
              ",",
              "judged",
              judged.callId(),
              judged.dialect(),
              judged.reader(),
              format(judged.verdict()),
              Integer.toString(judged.resyncs()),
              Integer.toString(judged.unsent()),
              judged.complaint());
      case BrowsersCut(int connections) -> "browsers," + connections;
      case Memory(String what, long bytes) -> "memory," + what + "," + bytes;
      case Ended(Instant at, int wrong) -> "ended," + at + "," + wrong;
    };
  }

  private static String format(Verdict verdict) {
    return verdict.expected()
        + ","
        + verdict.lost()
        + ","
        + verdict.inGaps()
        + ","
        + verdict.repeated()
        + ","
        + verdict.misplaced()
        + ","
        + verdict.mistimed()
        + ","
        + verdict.ends();
  }

  private static Line parse(String line) {
    String[] parts = line.split(",", 14);
    return switch (parts[0]) {
      case "begun" -> new Begun(Instant.parse(parts[1]), Long.parseLong(parts[2]), parts[3]);
      case "struck" ->
          new Struck(
              number(parts[1]),
              Fault.valueOf(parts[2]),
              Instant.parse(parts[3]),
              Instant.parse(parts[4]),
              parts[5]);
      case "takeover" -> new Takeover(number(parts[1]), Long.parseLong(parts[2]));
      case "silence" -> new Silence(number(parts[1]), Long.parseLong(parts[2]));
      case "judged" ->
          new Judged(
              parts[1],
              parts[2],
              parts[3],
              new Verdict(
                  number(parts[4]),
                  number(parts[5]),
                  number(parts[6]),
                  number(parts[7]),
                  number(parts[8]),
                  number(parts[9]),
                  number(parts[10])),
              number(parts[11]),
              number(parts[12]),
              parts[13]);
      case "browsers" -> new BrowsersCut(number(parts[1]));
      case "memory" -> new Memory(parts[1], Long.parseLong(parts[2]));
      case "ended" -> new Ended(Instant.parse(parts[1]), number(parts[2]));
      default -> throw new IllegalArgumentException("not a line of a run: " + line);
    };
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }
}
