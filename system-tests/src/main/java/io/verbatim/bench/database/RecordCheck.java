package io.verbatim.bench.database;

import io.verbatim.bench.measure.Table;
import io.verbatim.bench.setup.Service;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Compares the usage with the calls' ledgers.
record RecordCheck(Service gateway, String token) {
  /// The fields of the usage, and of a call.
  private static final Map<String, String> FIELDS =
      Map.of("receivedMs", "durationMs", "gapMs", "gapMs", "finals", "finals");

  /// Adds a note about the result.
  ///
  /// @param calls how many calls have ended
  void check(Table table, int calls) {
    List<JsonNode> ledgers =
        gateway.json("/v1/calls?state=ended&limit=2000", token).path("calls").values().stream()
            .toList();
    List<JsonNode> usage =
        gateway.json("/v1/usage", token).path("usage").values().stream().toList();
    expect(table, "calls in the list", calls, ledgers.size());
    expect(table, "calls in the usage", calls, sum(usage, "calls"));
    FIELDS.forEach((used, ledger) ->
        expect(table, used + " in the usage", sum(ledgers, ledger), sum(usage, used)));
    if (!table.failed()) {
      table.note(
          "%d calls have ended; each is archived and counted once, and the usage equals the ledgers: %d ms received."
              .formatted(calls, sum(usage, "receivedMs")));
    }
  }

  private static long sum(List<JsonNode> rows, String field) {
    return rows.stream().mapToLong(row -> row.path(field).asLong()).sum();
  }

  private static void expect(Table table, String what, long expected, long actual) {
    if (expected != actual) {
      table.failure("%s: %d instead of %d".formatted(what, actual, expected));
    }
  }
}
