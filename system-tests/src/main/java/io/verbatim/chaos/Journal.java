package io.verbatim.chaos;

import io.verbatim.numbers.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/// The file of a run, with one line per event, written immediately. An interrupted run continues
/// from it, and the report covers all parts. Thread-safe.
final class Journal {
  /// One line of the file.
  sealed interface Entry {}

  /// A part of the run starts.
  record Started(Instant at, long seed, String commit) implements Entry {}

  /// A fault has ended.
  record Injected(int number, Fault kind, Instant from, Instant to, String target)
      implements Entry {}

  /// Another worker took over a call.
  record Takeover(int fault, long millis) implements Entry {}

  /// How long a browser received no words of a call because of a fault.
  record DeliveryPause(int fault, long millis) implements Entry {}

  /// After a process was replaced, Redis had exactly one client per instance again.
  ///
  /// @param millis since the successor was ready
  record ClientsComplete(int fault, long millis) implements Entry {}

  /// The transcript of a call was checked, as one reader received it.
  ///
  /// @param reader `browser` or `server`; or the part of the harness that failed
  /// @param unsent frames of the script that were not stored because the call was cut
  /// @param problem any other problem; empty if there is none
  record Checked(
      String callId,
      String dialect,
      String reader,
      Verdict verdict,
      int resyncs,
      int unsent,
      String problem)
      implements Entry {}

  /// The number of browser connections that were cut in addition to the faults.
  record BrowsersCut(int connections) implements Entry {}

  /// The highest memory use of a service.
  record Memory(String name, long bytes) implements Entry {}

  /// A part of the run has ended normally, and its calls are checked.
  ///
  /// @param wrong recogniser sessions that received wrong audio
  record Ended(Instant at, int wrong) implements Entry {}

  private final Path file;

  Journal(Path file) {
    this.file = file;
  }

  synchronized void write(Entry entry) {
    try {
      Files.writeString(
          file, format(entry) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized List<Entry> read() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Journal::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String format(Entry entry) {
    return switch (entry) {
      case Started(Instant at, long seed, String commit) ->
          "begun," + at + "," + seed + "," + commit;
      case Injected(int number, Fault kind, Instant from, Instant to, String target) ->
          "injected," + number + "," + kind + "," + from + "," + to + "," + target;
      case Takeover(int fault, long millis) -> "takeover," + fault + "," + millis;
      case DeliveryPause(int fault, long millis) -> "silence," + fault + "," + millis;
      case ClientsComplete(int fault, long millis) -> "clients," + fault + "," + millis;
      case Checked checked ->
          String.join(
              ",",
              "judged",
              checked.callId(),
              checked.dialect(),
              checked.reader(),
              format(checked.verdict()),
              Integer.toString(checked.resyncs()),
              Integer.toString(checked.unsent()),
              checked.problem());
      case BrowsersCut(int connections) -> "browsers," + connections;
      case Memory(String name, long bytes) -> "memory," + name + "," + bytes;
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

  private static Entry parse(String line) {
    String[] parts = line.split(",", 14);
    return switch (parts[0]) {
      case "begun" -> new Started(Instant.parse(parts[1]), Long.parseLong(parts[2]), parts[3]);
      case "injected" ->
          new Injected(
              number(parts[1]),
              Fault.valueOf(parts[2]),
              Instant.parse(parts[3]),
              Instant.parse(parts[4]),
              parts[5]);
      case "takeover" -> new Takeover(number(parts[1]), Long.parseLong(parts[2]));
      case "silence" -> new DeliveryPause(number(parts[1]), Long.parseLong(parts[2]));
      case "clients" -> new ClientsComplete(number(parts[1]), Long.parseLong(parts[2]));
      case "judged" ->
          new Checked(
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
      default -> throw new IllegalArgumentException("unknown line in the journal: " + line);
    };
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }
}
