package io.verbatim.record.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.verbatim.record.database.BufferedWrites;
import io.verbatim.record.database.Database;
import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Adds and finds audit entries. Thread-safe.
public final class AuditLog implements AutoCloseable {

  /// Entries that wait for the database, in memory.
  public static final int MAX_WAITING = 10_000;

  private static final String INSERT =
      "insert into audit_entry (write_id, occurred_at, tenant, actor, action, object, outcome,"
          + " address) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";
  private static final String EXPIRE =
      "delete from audit_entry where id in (select id from audit_entry where occurred_at < ? order"
          + " by occurred_at limit ?)";

  private final Database database;
  private final BufferedWrites<AuditEntry> writes;
  private final RecentReads reads = new RecentReads();
  private final AuditMetrics metrics;

  public AuditLog(Database database, MeterRegistry registry) {
    this.database = database;
    this.writes =
        new BufferedWrites<>("audit", database, MAX_WAITING, AuditLog::insert, this::dropped);
    this.metrics = new AuditMetrics(registry, writes::size);
  }

  private void dropped() {
    metrics.dropped();
  }

  public void start() {
    writes.start();
  }

  /// Adds an entry within a second, or when the database answers again. Never blocks and never
  /// fails. An action that only reads is added once for each actor, object, outcome, address and
  /// hour.
  public void add(AuditEntry entry) {
    if (!entry.action().isRead() || reads.isNew(entry)) {
      writes.add(entry);
    }
  }

  /// Adds the entries. A batch that is repeated has the same entries, and adds nothing.
  static void insert(Connection connection, String batch, List<AuditEntry> entries)
      throws SQLException {
    int number = 0;
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (AuditEntry entry : entries) {
        insert.setString(1, batch + "-" + number++);
        insert.setObject(2, StorableTime.of(entry.at()));
        insert.setString(3, StorableText.ofNullable(entry.tenant()));
        insert.setString(4, StorableText.of(entry.actor()));
        insert.setString(5, entry.action().wireName());
        insert.setString(6, StorableText.of(entry.object()));
        insert.setString(7, entry.outcome().wireName());
        insert.setString(8, StorableText.of(entry.address()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// The newest entries, or those behind a position. The stage completes on the event loop.
  public CompletionStage<AuditPage> find(AuditQuery query) {
    return database.request(connection -> {
      List<Object> values = new ArrayList<>();
      String sql =
          "select id, occurred_at, tenant, actor, action, object, outcome, address from audit_entry"
              + conditions(query, values)
              + " order by occurred_at desc, id desc limit ?";
      values.add(query.limit() + 1);
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        int parameter = 0;
        for (Object value : values) {
          select.setObject(++parameter, value);
        }
        try (ResultSet rows = select.executeQuery()) {
          return page(rows, query.limit());
        }
      }
    });
  }

  private static String conditions(AuditQuery query, List<Object> values) {
    List<String> conditions = new ArrayList<>();
    if (query.tenant() != null) {
      conditions.add("tenant = ?");
      values.add(StorableText.of(query.tenant()));
    }
    Instant from = query.from();
    if (from != null) {
      conditions.add("occurred_at >= ?");
      values.add(StorableTime.of(from));
    }
    Instant to = query.to();
    if (to != null) {
      conditions.add("occurred_at < ?");
      values.add(StorableTime.of(to));
    }
    AuditAction action = query.action();
    if (action != null) {
      conditions.add("action = ?");
      values.add(action.wireName());
    }
    AuditCursor after = query.after();
    if (after != null) {
      conditions.add("(occurred_at, id) < (?, ?)");
      values.add(StorableTime.of(after.time()));
      values.add(after.id());
    }
    return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
  }

  private static AuditPage page(ResultSet rows, int limit) throws SQLException {
    List<AuditEntry> entries = new ArrayList<>();
    Optional<AuditCursor> last = Optional.empty();
    while (rows.next()) {
      if (entries.size() == limit) {
        return new AuditPage(entries, last);
      }
      Instant at = rows.getObject(2, OffsetDateTime.class).toInstant();
      entries.add(
          new AuditEntry(
              at,
              rows.getString(3),
              rows.getString(4),
              AuditAction.valueOf(rows.getString(5).toUpperCase(Locale.ROOT)),
              rows.getString(6),
              AuditOutcome.valueOf(rows.getString(7).toUpperCase(Locale.ROOT)),
              rows.getString(8)));
      last = Optional.of(AuditCursor.behind(at, rows.getLong(1)));
    }
    return new AuditPage(entries, Optional.empty());
  }

  /// Deletes old entries, a bounded number at a time. Blocks the calling thread.
  ///
  /// @return how many were deleted
  public int expire(Instant before, int limit) {
    return database.transact(connection -> {
      try (PreparedStatement delete = connection.prepareStatement(EXPIRE)) {
        delete.setObject(1, StorableTime.of(before));
        delete.setInt(2, limit);
        return delete.executeUpdate();
      }
    });
  }

  /// Writes what waits, if the database answers.
  @Override
  public void close() {
    writes.close();
  }
}
