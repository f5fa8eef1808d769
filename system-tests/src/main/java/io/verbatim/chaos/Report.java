package io.verbatim.chaos;

import io.verbatim.chaos.Journal.BrowsersCut;
import io.verbatim.chaos.Journal.Checked;
import io.verbatim.chaos.Journal.ClientsComplete;
import io.verbatim.chaos.Journal.DeliveryPause;
import io.verbatim.chaos.Journal.Ended;
import io.verbatim.chaos.Journal.Entry;
import io.verbatim.chaos.Journal.Injected;
import io.verbatim.chaos.Journal.Memory;
import io.verbatim.chaos.Journal.Started;
import io.verbatim.chaos.Journal.Takeover;
import io.verbatim.numbers.Verdict;
import io.verbatim.testkit.deepgram.FrameFormat;
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

/// The report of a run with all its parts, made from its journal.
final class Report {
  /// A fault is isolated if no other fault is active within this time before or after it.
  private static final Duration ISOLATION = Duration.ofSeconds(10);

  private final List<Entry> entries;
  private final List<Injected> injected;
  private final List<Checked> checked;

  Report(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    injected = all(Injected.class);
    checked = all(Checked.class);
  }

  private <T extends Entry> List<T> all(Class<T> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// Whether the fault with this number has ended.
  boolean isDone(int number) {
    return injected.stream().anyMatch(fault -> fault.number() == number);
  }

  /// Whether every part of the run has this seed.
  boolean isOf(long seed) {
    return all(Started.class).stream().allMatch(part -> part.seed() == seed);
  }

  /// Whether every transcript is exact, every call ended once, and there are no other problems.
  boolean isSound() {
    return problems().isEmpty() && !calls("server").isEmpty();
  }

  private List<Checked> calls(String reader) {
    return checked.stream().filter(call -> call.reader().equals(reader)).toList();
  }

  /// All problems, one sentence each.
  List<String> problems() {
    List<String> found = new ArrayList<>();
    for (Checked call : checked) {
      boolean isCall = !call.callId().equals("-");
      if (!call.problem().isEmpty() || (isCall && !call.verdict().isSound())) {
        found.add(
            "%s call %s at the %s: %s %s"
                .formatted(
                    call.dialect(),
                    call.callId(),
                    call.reader(),
                    isCall ? call.verdict() : "",
                    call.problem()));
      }
    }
    int wrong = all(Ended.class).stream().mapToInt(Ended::wrong).sum();
    if (wrong > 0) {
      found.add(wrong + " recogniser sessions received wrong audio");
    }
    Long overBudget = memory().get(MemorySampler.AUDIO_OVER_BUDGET);
    if (overBudget == null) {
      found.add("the metrics of the audio in ingest were never read");
    } else if (overBudget > 0) {
      found.add("ingest buffered more audio than its budget");
    }
    return found;
  }

  private Map<String, Long> memory() {
    return all(Memory.class).stream()
        .collect(Collectors.toMap(Memory::name, Memory::bytes, Math::max, TreeMap::new));
  }

  /// The report as a Markdown section.
  String markdown(Plan plan, String command) {
    List<String> rows = new ArrayList<>();
    rows.add("## " + plan.title() + "\n");
    rows.add("`" + command + "`\n");
    rows.add("| | |\n| --- | --- |");
    row(rows, "commit", distinct(Started.class, Started::commit));
    row(rows, "seed", plan.seed() == 0 ? "a fixed list of faults" : Long.toString(plan.seed()));
    row(rows, "wall time", wallTime());
    row(rows, "calls", calls(plan));
    row(
        rows,
        "resuming calls",
        plan.load().formats().stream().map(FrameFormat::title).collect(Collectors.joining("; ")));
    row(rows, "Redis", plan.setup().redis().title());
    row(rows, "faults", Integer.toString(injected.size()));
    row(
        rows,
        "browser connections cut in addition",
        "" + all(BrowsersCut.class).stream().mapToInt(BrowsersCut::connections).sum());
    for (String reader : List.of("browser", "server")) {
      row(rows, "at the " + reader, words(calls(reader)));
    }
    row(
        rows,
        "sessions with wrong audio",
        "" + all(Ended.class).stream().mapToInt(Ended::wrong).sum());
    row(rows, "maximum memory", megabytes());
    if (!all(ClientsComplete.class).isEmpty()) {
      row(rows, "Redis clients", clients());
    }
    rows.add("");
    rows.addAll(faults());
    rows.add("");
    problems().forEach(problem -> rows.add("- " + problem));
    return String.join("\n", rows).strip() + "\n";
  }

  private static void row(List<String> rows, String name, String value) {
    rows.add("| " + name + " | " + value + " |");
  }

  private <T extends Entry> String distinct(Class<T> kind, Function<T, String> value) {
    return all(kind).stream().map(value).distinct().collect(Collectors.joining(", "));
  }

  private String wallTime() {
    Duration wall = Duration.ZERO;
    Instant started = null;
    for (Entry entry : entries) {
      if (entry instanceof Started(Instant at, _, _)) {
        started = at;
      } else if (entry instanceof Ended(Instant at, _) && started != null) {
        wall = wall.plus(Duration.between(started, at));
      }
    }
    long parts = all(Started.class).size();
    return wall.toSeconds() + " s" + (parts > 1 ? " in " + parts + " parts" : "");
  }

  private String calls(Plan plan) {
    List<Checked> calls = calls("server");
    long resuming = calls.stream().filter(call -> call.dialect().equals("pcm")).count();
    int unsent = calls.stream().mapToInt(Checked::unsent).sum();
    long cut = calls.stream().filter(call -> call.unsent() > 0).count();
    return "%d of %d s, %d at once, %d ingests, %d workers, %d gateways; %d resuming (pcm), %d non-resuming (Exotel), of which %d were cut by an ingest kill, with %d frames that did not reach the log"
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

  private static String words(List<Checked> calls) {
    Verdict sum = calls.stream().map(Checked::verdict).reduce(Verdict.NONE, Verdict::plus);
    long once = calls.stream().filter(call -> call.verdict().ends() == 1).count();
    return "%d words: %d lost, %d repeated, %d out of order, %d at the wrong time, %d in gaps of the ledger; %d of %d calls ended once; %d resyncs"
        .formatted(
            sum.expected(),
            sum.lost(),
            sum.repeated(),
            sum.misplaced(),
            sum.mistimed(),
            sum.inGaps(),
            once,
            calls.size(),
            calls.stream().mapToInt(Checked::resyncs).sum());
  }

  private String clients() {
    List<ClientsComplete> replacements = all(ClientsComplete.class);
    return "one per instance again after %d replacements, at most %d ms after the successor was ready"
        .formatted(
            replacements.size(),
            replacements.stream().mapToLong(ClientsComplete::millis).max().orElse(0));
  }

  private String megabytes() {
    return memory().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(MemorySampler.AUDIO_OVER_BUDGET))
        .map(entry ->
            String.format(Locale.ROOT, "%s %.1f MB", entry.getKey(), entry.getValue() / 1048576.0))
        .collect(Collectors.joining(", "));
  }

  private List<String> faults() {
    List<String> rows = new ArrayList<>();
    rows.add(
        "| fault | count | takeovers, isolated | p50 | p99 | max | takeovers, overlapping | p50 | p99"
            + " | max | delivery pause, isolated: p50 | max | delivery pause, overlapping: p50 | max"
            + " |");
    rows.add("|" + " --- |".repeat(14));
    Map<Fault, List<Injected>> byKind =
        injected.stream()
            .collect(
                Collectors.groupingBy(
                    Injected::kind, () -> new EnumMap<>(Fault.class), Collectors.toList()));
    byKind.forEach((kind, done) ->
        rows.add(
            "| "
                + kind
                + " | "
                + done.size()
                + " | "
                + (kind.targetsWorker()
                    ? takeovers(kind, this::isIsolated)
                        + takeovers(kind, fault -> !isIsolated(fault))
                    : "| | | | | | | | ")
                + deliveryPauses(kind, this::isIsolated)
                + deliveryPauses(kind, fault -> !isIsolated(fault))));
    return rows;
  }

  private boolean isIsolated(Injected fault) {
    return injected.stream()
        .filter(other -> other.number() != fault.number())
        .allMatch(other ->
            other.from().isAfter(fault.to().plus(ISOLATION))
                || other.to().isBefore(fault.from().minus(ISOLATION)));
  }

  /// The numbers of the matching faults of a kind.
  private Set<Integer> numbers(Fault kind, Predicate<Injected> which) {
    return injected.stream()
        .filter(fault -> fault.kind() == kind && which.test(fault))
        .map(Injected::number)
        .collect(Collectors.toSet());
  }

  /// Two table cells: p50 and maximum.
  private String deliveryPauses(Fault kind, Predicate<Injected> which) {
    Set<Integer> faults = numbers(kind, which);
    long[] sorted =
        all(DeliveryPause.class).stream()
            .filter(pause -> faults.contains(pause.fault()))
            .mapToLong(DeliveryPause::millis)
            .sorted()
            .toArray();
    return sorted.length == 0
        ? "| | "
        : "%d ms | %d ms | ".formatted(sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  /// Four table cells: count, p50, p99 and maximum.
  private String takeovers(Fault kind, Predicate<Injected> which) {
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
