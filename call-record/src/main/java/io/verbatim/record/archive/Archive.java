package io.verbatim.record.archive;

import io.verbatim.pubsub.StoredTranscripts;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import io.verbatim.record.numbers.NumberHashes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The archived calls. Thread-safe.
///
/// Two tenants may use the same call id at different times, so a call is always found by its id and
/// a tenant.
public final class Archive {

  private static final String COLUMNS = CallRow.COLUMNS;
  private static final String NEWEST_OF_ID =
      "select " + COLUMNS + " from archived_call where call_id = ? and content = 'stored'";
  private static final String NEWEST =
      "select " + COLUMNS + " from archived_call where content = 'stored'";
  private static final String ENDED_AT = "select call_id, ended_at from archived_call where ";

  private final Database database;
  private final NumberHashes hashes;

  public Archive(Database database, NumberHashes hashes) {
    this.database = database;
    this.hashes = hashes;
  }

  /// The newest archived call with this id. The stage completes on the event loop.
  ///
  /// @param tenant the only tenant whose calls are searched; null for all
  public CompletionStage<Optional<ArchivedCall>> find(CallId call, @Nullable String tenant) {
    return database.request(connection -> {
      String sql =
          NEWEST_OF_ID
              + (tenant == null ? "" : " and tenant = ?")
              + " order by started_at desc limit 1";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setString(1, call.value());
        if (tenant != null) {
          statement.setString(2, StorableText.of(tenant));
        }
        return calls(statement).stream().findFirst();
      }
    });
  }

  /// The newest archived calls, newest start first. The stage completes on the event loop.
  ///
  /// @param tenant the only tenant whose calls are listed; null for all
  /// @param before only calls that started before this time; [Instant#MAX] for all
  public CompletionStage<List<ArchivedCall>> newest(
      @Nullable String tenant, Instant before, int limit) {
    return database.request(connection -> {
      String sql =
          NEWEST
              + (tenant == null ? "" : " and tenant = ?")
              + (before.equals(Instant.MAX) ? "" : " and started_at < ?")
              + " order by started_at desc, id desc limit ?";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        int parameter = 0;
        if (tenant != null) {
          statement.setString(++parameter, StorableText.of(tenant));
        }
        if (!before.equals(Instant.MAX)) {
          statement.setObject(++parameter, StorableTime.of(before));
        }
        statement.setInt(++parameter, limit);
        return calls(statement);
      }
    });
  }

  /// The transcript of an archived call.
  public StoredTranscripts transcript(ArchivedCall call) {
    return new ArchivedTranscript(database, call.ref());
  }

  /// Archives a call that has ended, unless that was done. Blocks the calling thread.
  ///
  /// While the transaction runs, other gateways wait with the same call, so only one of them stores
  /// it.
  ///
  /// @param log read while the transaction runs, a page at a time
  public ArchiveOutcome archive(CallRecord call, LogPages log) {
    Optional<String> line = log.endLine(call.call());
    if (line.isEmpty()) {
      return ArchiveOutcome.NOT_ENDED;
    }
    return database.transact(connection ->
        new ArchiveStep(connection, database.dialect(), call, log, hashes).run(line.get()));
  }

  /// The calls among these that are not archived with this last activity, in the same order. Blocks
  /// the calling thread.
  ///
  /// @param activities at most a few hundred
  public Map<CallId, Instant> unknown(Map<CallId, Instant> activities) {
    if (activities.isEmpty()) {
      return Map.of();
    }
    String placeholders = String.join(",", java.util.Collections.nCopies(activities.size(), "?"));
    return database.transact(connection -> {
      Map<CallId, Instant> unknown = new LinkedHashMap<>(activities);
      try (PreparedStatement statement =
          connection.prepareStatement(
              ENDED_AT + "call_id in (" + placeholders + ") and line <> ''")) {
        int parameter = 0;
        for (CallId call : activities.keySet()) {
          statement.setString(++parameter, call.value());
        }
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            CallId call = new CallId(rows.getString(1));
            Instant archived = CallRow.instant(rows, 2);
            unknown.computeIfPresent(
                call,
                (_, lastActivity) ->
                    lastActivity.truncatedTo(ChronoUnit.MICROS).equals(archived)
                        ? null
                        : lastActivity);
          }
        }
      }
      return unknown;
    });
  }

  private static List<ArchivedCall> calls(PreparedStatement statement) throws SQLException {
    List<ArchivedCall> calls = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        calls.add(CallRow.read(rows));
      }
    }
    return calls;
  }

  /// Deletes the transcripts and the phone numbers of calls that ended before a time, a bounded
  /// number at a time. Blocks the calling thread.
  ///
  /// @param tenant the only tenant whose calls expire; null for all except `others`
  /// @param others the tenants with times of their own
  /// @return how many calls expired
  public int expire(@Nullable String tenant, List<String> others, Instant before, int limit) {
    return database.transact(
        connection -> new ExpiryStep(connection).run(tenant, others, before, limit));
  }
}
