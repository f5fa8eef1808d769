package io.verbatim.record.archive;

import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.Speech;
import io.verbatim.pubsub.message.TranscriptEntry;
import io.verbatim.record.database.Dialect;
import io.verbatim.record.database.StorableText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// Writes the finals of one call as rows for the search. The creator closes it.
final class LineRows implements AutoCloseable {

  /// Far longer than a spoken line; Postgres refuses texts above a megabyte.
  private static final int MAX_TEXT = 20_000;

  private static final String INTO =
      "insert into archived_line (call_ref, seq, start_ms, end_ms, speaker, text";

  private final CallStart start;
  private final long ref;
  private final boolean indexed;
  private final PreparedStatement insert;

  LineRows(Connection connection, Dialect dialect, CallStart start, long ref) throws SQLException {
    this.start = start;
    this.ref = ref;
    this.indexed = dialect == Dialect.POSTGRES;
    this.insert =
        connection.prepareStatement(
            indexed
                ? INTO
                    + ", config, search) values (?, ?, ?, ?, ?, ?, cast(? as regconfig),"
                    + " to_tsvector(cast(? as regconfig), ?) || array_to_tsvector(array[?]))"
                : INTO + ") values (?, ?, ?, ?, ?, ?)");
  }

  void add(List<TranscriptEntry> entries) throws SQLException {
    boolean any = false;
    for (TranscriptEntry entry : entries) {
      if (entry instanceof TranscriptEntry.Final(_, _, long seq, Speech speech, _)) {
        add(seq, speech);
        any = true;
      }
    }
    if (any) {
      insert.executeBatch();
    }
  }

  private void add(long seq, Speech speech) throws SQLException {
    String text = StorableText.of(speech.text());
    String cut = text.substring(0, Math.min(text.length(), MAX_TEXT));
    insert.setLong(1, ref);
    insert.setLong(2, seq);
    insert.setLong(3, speech.startMs());
    insert.setLong(4, speech.endMs());
    insert.setInt(5, speaker(speech));
    insert.setString(6, cut);
    if (indexed) {
      String config = TextSearchConfig.of(start.language());
      insert.setString(7, config);
      insert.setString(8, config);
      insert.setString(9, cut);
      insert.setString(10, TenantWord.of(start.tenant()));
    }
    insert.addBatch();
  }

  private int speaker(Speech speech) {
    Integer byRecognizer = speech.speaker();
    int number =
        start.format().channels() > 1 ? speech.channel() : byRecognizer == null ? 0 : byRecognizer;
    return Math.clamp(number, 0, Short.MAX_VALUE - 1) + 1;
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
