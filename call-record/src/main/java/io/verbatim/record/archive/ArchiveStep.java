package io.verbatim.record.archive;

import io.verbatim.pubsub.TranscriptLog;
import io.verbatim.pubsub.message.BusUnavailableException;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.EntryId;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.record.database.Dialect;
import io.verbatim.record.numbers.NumberHashes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Archives one call in one transaction. Only one page is in memory.
final class ArchiveStep {

  private static final String INSERT_PAGE =
      "insert into archived_page (call_ref, page, last_position, last_count, body)"
          + " values (?, ?, ?, ?, ?)";

  private final Connection connection;
  private final Dialect dialect;
  private final CallRecord call;
  private final LogPages log;
  private final NumberHashes hashes;
  private long words;
  private long bodyBytes;

  ArchiveStep(
      Connection connection, Dialect dialect, CallRecord call, LogPages log, NumberHashes hashes) {
    this.connection = connection;
    this.dialect = dialect;
    this.call = call;
    this.log = log;
    this.hashes = hashes;
  }

  /// @param endLine the line of the transcript's end, as read before the transaction
  ArchiveOutcome run(String endLine) throws SQLException {
    CallRow.Locked row = CallRow.lock(connection, call);
    if (row.line().equals(endLine) || !row.content().equals("stored")) {
      CallRow.touch(connection, row.ref(), call.lastActivity());
      return ArchiveOutcome.KNOWN;
    }
    if (!row.line().isEmpty()) {
      deletePages(row.ref());
    }
    TranscriptEntry last = copyPages(row.ref());
    CallRow.update(
        connection,
        row.ref(),
        call,
        new CallRow.Stored(last.link().line(), words, bodyBytes),
        hashes.key(connection));
    return ArchiveOutcome.ARCHIVED;
  }

  private void deletePages(long ref) throws SQLException {
    for (String table : List.of("archived_page", "archived_line")) {
      try (PreparedStatement delete =
          connection.prepareStatement("delete from " + table + " where call_ref = ?")) {
        delete.setLong(1, ref);
        delete.executeUpdate();
      }
    }
  }

  private TranscriptEntry copyPages(long ref) throws SQLException {
    CallId id = call.call();
    TranscriptEntry last = null;
    try (PreparedStatement insert = connection.prepareStatement(INSERT_PAGE);
        LineRows lines = new LineRows(connection, dialect, call.start(), ref)) {
      for (int page = 0; ; page++) {
        List<TranscriptEntry> entries =
            log.after(id, last == null ? TranscriptLog.START : last.id());
        if (entries.isEmpty()) {
          break;
        }
        checkFollows(last, entries.getFirst());
        last = entries.getLast();
        insert(insert, ref, page, entries);
        lines.add(entries);
        if (entries.size() < ArchivedTranscript.PAGE) {
          break;
        }
      }
    }
    if (!(last instanceof TranscriptEntry.Ended)) {
      throw replaced();
    }
    return last;
  }

  private void insert(PreparedStatement insert, long ref, int page, List<TranscriptEntry> entries)
      throws SQLException {
    byte[] body = PageCodec.encode(entries);
    EntryId last = EntryId.parse(entries.getLast().id());
    insert.setLong(1, ref);
    insert.setInt(2, page);
    insert.setLong(3, last.position());
    insert.setLong(4, last.count());
    insert.setBytes(5, body);
    insert.executeUpdate();
    bodyBytes += body.length;
    for (TranscriptEntry entry : entries) {
      words += entry instanceof TranscriptEntry.Final words ? words.speech().words().size() : 0;
    }
  }

  /// A broken link is a replaced history, unless the entry before it still exists: then an entry in
  /// between cannot be read.
  private void checkFollows(@Nullable TranscriptEntry before, TranscriptEntry first) {
    if (before != null
        && !first.link().follows(before.link().line())
        && !log.holds(call.call(), before)) {
      throw replaced();
    }
  }

  private static BusUnavailableException replaced() {
    return new BusUnavailableException("the transcript was replaced while it was archived");
  }
}
