package io.verbatim.local.chaos;

import io.verbatim.local.chaos.Journal.Begun;
import io.verbatim.local.chaos.Journal.BrowsersCut;
import io.verbatim.local.chaos.Journal.Ended;
import io.verbatim.local.chaos.Journal.Judged;
import io.verbatim.local.chaos.Journal.Line;
import io.verbatim.local.chaos.Journal.Memory;
import io.verbatim.local.chaos.Journal.Silence;
import io.verbatim.local.chaos.Journal.Struck;
import io.verbatim.local.chaos.Journal.Takeover;
import io.verbatim.local.numbers.NumberedFormat;
import io.verbatim.local.numbers.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a journal says of a run: all its parts in one table.
final class Report {
  /// A kill that no other fault came so near to is one by itself.
  private static final Duration ALONE = Duration.ofSeconds(10);

  private final List<Line> lines;
  private final List<Struck> struck;
  private final List<Judged> judged;

  Report(List<Line> lines) {
    this.lines = List.copyOf(lines);
    struck = all(Struck.class);
    judged = all(Judged.class);
  }

  private <T extends Line> List<T> all(Class<T> kind) {
    return lines.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// Whether the fault with this number has passed.
  boolean isDone(int number) {
    return struck.stream().anyMatch(fault -> fault.number() == number);
  }

  /// Whether every part was of the run with this seed.
  boolean isOf(long seed) {
    return all(Begun.class).stream().allMatch(part -> part.seed() == seed);
  }

  /// Whether every transcript is what was said, every call ended once, and nothing else was wrong.
  boolean isSound() {
    return complaints().isEmpty() && !calls("server").isEmpty();
  }

  private List<Judged> calls(String reader) {
    return judged.stream().filter(call -> call.reader().equals(reader)).toList();
  }

  /// What is wrong, a sentence each.
  List<String> complaints() {
    List<String> found = new ArrayList<>();
    for (Judged call : judged) {
      boolean isCall = !call.callId().equals("-");
      if (!call.complaint().isEmpty() || (isCall && !call.verdict().isSound())) {
        found.add(
            "%s call %s at the %s: %s %s"
                .formatted(
                    call.dialect(),
                    call.callId(),
                    call.reader(),
                    isCall ? call.verdict() : "",
                    call.complaint()));
      }
    }
    int wrong = all(Ended.class).stream().mapToInt(Ended::wrong).sum();
    if (wrong > 0) {
      found.add(wrong + " sessions of the recogniser were sent wrong audio");
    }
    Long overBudget = memory().get(MemoryWatch.AUDIO_OVER_BUDGET);
    if (overBudget == null) {
      found.add("nobody could see how much audio ingest held");
    } else if (overBudget > 0) {
      found.add("ingest held more audio than its budget");
    }
    return found;
  }

  private Map<String, Long> memory() {
    return all(Memory.class).stream()
        .collect(Collectors.toMap(Memory::what, Memory::bytes, Math::max, TreeMap::new));
  }

  /// As Markdown, a section by itself.
  String markdown(Plan plan, String command) {
    List<String> rows = new ArrayList<>();
    rows.add("## " + plan.title() + "\n");
    rows.add("`" + command + "`\n");
    rows.add("| | |\n| --- | --- |");
    row(rows, "commit", distinct(Begun.class, Begun::commit));
    row(rows, "seed", plan.seed() == 0 ? "a fixed list of faults" : Long.toString(plan.seed()));
    row(rows, "wall time", wall());
    row(rows, "calls", calls(plan));
    row(
        rows,
        "resuming calls",
        plan.load().formats().stream()
            .map(NumberedFormat::title)
            .collect(Collectors.joining("; ")));
    row(rows, "Redis", plan.setup().redis().title());
    row(rows, "faults", Integer.toString(struck.size()));
    row(
        rows,
        "connections of browsers cut besides",
        "" + all(BrowsersCut.class).stream().mapToInt(BrowsersCut::connections).sum());
    for (String reader : List.of("browser", "server")) {
      row(rows, "at the " + reader, words(calls(reader)));
    }
    row(
        rows,
        "sessions sent wrong audio",
        "" + all(Ended.class).stream().mapToInt(Ended::wrong).sum());
    row(rows, "most memory", megabytes());
    rows.add("");
    rows.addAll(faults());
    rows.add("");
    complaints().forEach(complaint -> rows.add("- " + complaint));
    return String.join("\n", rows).strip() + "\n";
  }

  private static void row(List<String> rows, String name, String value) {
    rows.add("| " + name + " | " + value + " |");
  }

  private <T extends Line> String distinct(Class<T> kind, Function<T, String> value) {
    return all(kind).stream().map(value).distinct().collect(Collectors.joining(", "));
  }

  private String wall() {
    Duration wall = Duration.ZERO;
    Instant begun = null;
    for (Line line : lines) {
      if (line instanceof Begun(Instant at, _, _)) {
        begun = at;
      } else if (line instanceof Ended(Instant at, _) && begun != null) {
        wall = wall.plus(Duration.between(begun, at));
      }
    }
    long parts = all(Begun.class).size();
    return wall.toSeconds() + " s" + (parts > 1 ? " in " + parts + " parts" : "");
  }

  private String calls(Plan plan) {
    List<Judged> calls = calls("server");
    long resuming = calls.stream().filter(call -> call.dialect().equals("pcm")).count();
    int unsent = calls.stream().mapToInt(Judged::unsent).sum();
    long cut = calls.stream().filter(call -> call.unsent() > 0).count();
    return "%d of %d s, %d at once, %d ingests, %d workers, %d gateways; %d resume (pcm), %d cannot (Exotel), of which %d were cut short by ingest's death, with %d frames that never reached the log"
        .formatted(
            calls.size(),
            plan.load().callLength().toSeconds(),
            plan.load().lines(),
            plan.setup().ingests(),
            plan.setup().workers(),
            plan.setup().gateways(),
            resuming,
            calls.size() - resuming,
            cut,
            unsent);
  }

  private static String words(List<Judged> calls) {
    Verdict sum = calls.stream().map(Judged::verdict).reduce(Verdict.NONE, Verdict::plus);
    long once = calls.stream().filter(call -> call.verdict().ends() == 1).count();
    return "%d words: %d lost, %d repeated, %d out of order, %d at another time, %d in gaps the ledger names; %d of %d calls ended once; %d resyncs"
        .formatted(
            sum.expected(),
            sum.lost(),
            sum.repeated(),
            sum.misplaced(),
            sum.mistimed(),
            sum.inGaps(),
            once,
            calls.size(),
            calls.stream().mapToInt(Judged::resyncs).sum());
  }

  private String megabytes() {
    return memory().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(MemoryWatch.AUDIO_OVER_BUDGET))
        .map(entry ->
            String.format(Locale.ROOT, "%s %.1f MB", entry.getKey(), entry.getValue() / 1048576.0))
        .collect(Collectors.joining(", "));
  }

  private List<String> faults() {
    List<String> rows = new ArrayList<>();
    rows.add(
        "| fault | done | calls taken over, alone | p50 | p99 | longest | beside others | p50 | p99"
            + " | longest | silence at a browser, alone: p50 | longest | beside others: p50 | longest"
            + " |");
    rows.add("|" + " --- |".repeat(14));
    Map<Fault, List<Struck>> byKind =
        struck.stream()
            .collect(
                Collectors.groupingBy(
                    Struck::kind, () -> new EnumMap<>(Fault.class), Collectors.toList()));
    byKind.forEach((kind, done) ->
        rows.add(
            "| "
                + kind
                + " | "
                + done.size()
                + " | "
                + (kind.befallsAWorker()
                    ? waits(kind, this::isAlone) + waits(kind, fault -> !isAlone(fault))
                    : "| | | | | | | | ")
                + silences(kind, this::isAlone)
                + silences(kind, fault -> !isAlone(fault))));
    return rows;
  }

  private boolean isAlone(Struck fault) {
    return struck.stream()
        .filter(other -> other.number() != fault.number())
        .allMatch(other ->
            other.from().isAfter(fault.to().plus(ALONE))
                || other.to().isBefore(fault.from().minus(ALONE)));
  }

  /// The numbers of the faults of a kind.
  private Set<Integer> numbers(Fault kind, Predicate<Struck> which) {
    return struck.stream()
        .filter(fault -> fault.kind() == kind && which.test(fault))
        .map(Struck::number)
        .collect(Collectors.toSet());
  }

  /// Two cells.
  private String silences(Fault kind, Predicate<Struck> which) {
    Set<Integer> faults = numbers(kind, which);
    long[] sorted =
        all(Silence.class).stream()
            .filter(silence -> faults.contains(silence.fault()))
            .mapToLong(Silence::millis)
            .sorted()
            .toArray();
    return sorted.length == 0
        ? "| | "
        : "%d ms | %d ms | ".formatted(sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  /// Four cells.
  private String waits(Fault kind, Predicate<Struck> which) {
    Set<Integer> faults = numbers(kind, which);
    long[] sorted =
        all(Takeover.class).stream()
            .filter(takeover -> faults.contains(takeover.fault()))
            .mapToLong(Takeover::millis)
            .sorted()
            .toArray();
    return sorted.length == 0
        ? "0 | | | | "
        : "%d | %d ms | %d ms | %d ms | "
            .formatted(
                sorted.length,
                sorted[sorted.length / 2],
                sorted[(int) Math.min(sorted.length - 1L, (long) (0.99 * sorted.length))],
                sorted[sorted.length - 1]);
  }
}
