package io.verbatim.record.archive;

import io.verbatim.pubsub.StoredTranscripts;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.record.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// The transcript of one archived call. Every stage completes on the event loop, and fails with
/// [io.verbatim.record.database.DatabaseUnavailableException] while the database is away.
final class ArchivedTranscript implements StoredTranscripts {

  /// Entries of a page. Readers read as many at a time.
  static final int PAGE = 100;

  private static final String PAGES_AFTER =
      "select body from archived_page where call_ref = ?"
          + " and (last_position > ? or last_position = ? and last_count > ?)"
          + " order by page limit 2";
  private static final String LAST_PAGES =
      "select body from archived_page where call_ref = ? order by page desc limit ?";

  private final Database database;
  private final long ref;

  ArchivedTranscript(Database database, long ref) {
    this.database = database;
    this.ref = ref;
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> read(CallId call, String afterId, int limit) {
    EntryId after = EntryId.parse(afterId);
    return database.request(connection -> after(connection, after, limit));
  }

  /// A page may have fewer than `limit` entries only at the end, so pages are read until the limit
  /// is reached.
  private List<TranscriptEntry> after(Connection connection, EntryId after, int limit)
      throws SQLException {
    List<TranscriptEntry> found = new ArrayList<>();
    EntryId position = after;
    while (found.size() < limit) {
      List<TranscriptEntry> read = new ArrayList<>();
      for (byte[] body : pagesAfter(connection, position)) {
        read.addAll(PageCodec.decode(body));
      }
      EntryId from = position;
      read.removeIf(entry -> EntryId.parse(entry.id()).compareTo(from) <= 0);
      if (read.isEmpty()) {
        return found;
      }
      found.addAll(read.subList(0, Math.min(read.size(), limit - found.size())));
      position = EntryId.parse(read.getLast().id());
    }
    return found;
  }

  private List<byte[]> pagesAfter(Connection connection, EntryId after) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PAGES_AFTER)) {
      statement.setLong(1, ref);
      statement.setLong(2, after.position());
      statement.setLong(3, after.position());
      statement.setLong(4, after.count());
      return bodies(statement);
    }
  }

  private static List<byte[]> bodies(PreparedStatement statement) throws SQLException {
    List<byte[]> bodies = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        bodies.add(rows.getBytes(1));
      }
    }
    return bodies;
  }

  @Override
  public CompletionStage<List<TranscriptEntry>> newest(CallId call, int limit) {
    return database.request(connection -> {
      List<TranscriptEntry> last = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(LAST_PAGES)) {
        statement.setLong(1, ref);
        statement.setInt(2, 1 + (limit + PAGE - 1) / PAGE);
        for (byte[] body : bodies(statement).reversed()) {
          last.addAll(PageCodec.decode(body));
        }
      }
      return List.copyOf(last.subList(Math.max(0, last.size() - limit), last.size()));
    });
  }

  @Override
  public CompletionStage<Optional<TranscriptEntry>> find(CallId call, String id) {
    EntryId wanted = EntryId.parse(id);
    EntryId before =
        wanted.count() > 0
            ? new EntryId(wanted.position(), wanted.count() - 1)
            : new EntryId(wanted.position() - 1, Long.MAX_VALUE);
    return database.request(connection ->
        after(connection, before, 1).stream().filter(entry -> entry.id().equals(id)).findFirst());
  }
}
