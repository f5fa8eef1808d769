package io.verbatim.record.archive;

import io.verbatim.pubsub.message.AudioFormat;
import io.verbatim.pubsub.message.CallId;
import io.verbatim.pubsub.message.CallRecord;
import io.verbatim.pubsub.message.CallStart;
import io.verbatim.pubsub.message.RecognizerStatus;
import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import io.verbatim.record.numbers.NumberHashes;
import io.verbatim.record.numbers.PhoneNumber;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The row of a call: writes it, and reads it again as the call's record, with masked phone
/// numbers.
public final class CallRow {

  /// The columns that [#read] needs, in its order.
  public static final String COLUMNS =
      "id, call_id, tenant, started_at, ended_at, source, format, language, from_number, to_number,"
          + " end_reason, complete, recognizer, recognizer_state, recognizer_reason, finals,"
          + " unconfirmed, claims, received_bytes, lost_bytes, sent_bytes, covered_bytes,"
          + " gap_bytes, gap_ms";

  private static final String INSERT =
      "insert into archived_call (call_id, tenant, started_at, started_day, ended_at, line,"
          + " content, source, format, complete, finals, words, unconfirmed, claims,"
          + " received_bytes, lost_bytes, sent_bytes, covered_bytes, gap_bytes, received_ms,"
          + " transcribed_ms, gap_ms, sent_ms, body_bytes) values (?, ?, ?, ?, ?, '', 'stored', ?,"
          + " ?, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) on conflict do nothing";
  private static final String LOCK =
      "select id, line, content from archived_call"
          + " where call_id = ? and tenant = ? and started_at = ? for update";
  private static final String UPDATE_LEDGER =
      "update archived_call set line = ?, complete = ?, finals = ?, unconfirmed = ?, claims = ?,"
          + " received_bytes = ?, lost_bytes = ?, sent_bytes = ?, covered_bytes = ?, gap_bytes = ?,"
          + " received_ms = ?, transcribed_ms = ?, gap_ms = ?, sent_ms = ? where id = ?";
  private static final String UPDATE =
      "update archived_call set ended_at = ?, language = ?, from_number = ?, from_hash = ?,"
          + " to_number = ?, to_hash = ?, end_reason = ?, recognizer = ?, recognizer_state = ?,"
          + " recognizer_reason = ?, words = ?, body_bytes = ? where id = ?";

  /// The line of a call that was erased before it was archived.
  private static final String ERASED = "erased";

  /// The key of a call's row, which is locked until the transaction ends.
  ///
  /// @param line empty until the call is archived or erased
  public record Locked(long ref, String line, String content) {}

  /// What the transcript adds to the row.
  record Stored(String line, long words, long bodyBytes) {}

  private CallRow() {}

  /// Adds the call's row if it is missing, and locks it.
  public static Locked lock(Connection connection, CallRecord call) throws SQLException {
    CallStart start = call.start();
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, start.call().value());
      insert.setString(2, StorableText.of(start.tenant()));
      insert.setObject(3, StorableTime.of(start.started()));
      insert.setObject(4, StorableTime.of(start.started()).toLocalDate());
      insert.setObject(5, StorableTime.of(call.lastActivity()));
      insert.setString(6, start.source().wireName());
      insert.setString(7, start.format().toString());
      insert.executeUpdate();
    }
    try (PreparedStatement select = connection.prepareStatement(LOCK)) {
      select.setString(1, start.call().value());
      select.setString(2, StorableText.of(start.tenant()));
      select.setObject(3, StorableTime.of(start.started()));
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("the call's row is missing", "40001");
        }
        return new Locked(rows.getLong(1), rows.getString(2), rows.getString(3));
      }
    }
  }

  /// Stores only the ledger of a call that is erased before it is archived, because the usage
  /// counts erased calls too. Its words are unknown.
  public static void updateErased(Connection connection, long ref, CallRecord call)
      throws SQLException {
    updateLedger(connection, ref, call, ERASED);
  }

  private static void updateLedger(Connection connection, long ref, CallRecord call, String line)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE_LEDGER)) {
      int parameter = 0;
      update.setString(++parameter, line);
      update.setBoolean(++parameter, call.complete());
      long[] numbers = {
        call.finals(),
        call.unconfirmed(),
        call.claims(),
        call.receivedBytes(),
        call.lostBytes(),
        call.sentBytes(),
        call.coveredBytes(),
        call.gapBytes(),
        call.receivedMs(),
        call.transcribedMs(),
        call.gapMs(),
        call.sentMs(),
        ref
      };
      for (long number : numbers) {
        update.setLong(++parameter, number);
      }
      update.executeUpdate();
    }
  }

  static void update(
      Connection connection, long ref, CallRecord call, Stored stored, NumberHashes.Key key)
      throws SQLException {
    updateLedger(connection, ref, call, stored.line);
    CallStart start = call.start();
    Optional<RecognizerStatus> recognizer = Optional.ofNullable(call.recognizer());
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      int parameter = 0;
      update.setObject(++parameter, StorableTime.of(call.lastActivity()));
      update.setString(++parameter, StorableText.ofNullable(start.language()));
      for (String number : Arrays.asList(start.from(), start.to())) {
        update.setString(++parameter, StorableText.ofNullable(PhoneNumber.masked(number)));
        update.setString(++parameter, key.hash(number, start.tenant()));
      }
      update.setString(++parameter, StorableText.ofNullable(call.endReason().orElse(null)));
      update.setString(
          ++parameter,
          StorableText.ofNullable(recognizer.map(RecognizerStatus::recognizer).orElse(null)));
      update.setString(
          ++parameter, recognizer.map(status -> status.state().wireName()).orElse(null));
      update.setString(
          ++parameter,
          StorableText.ofNullable(recognizer.map(RecognizerStatus::reason).orElse(null)));
      update.setLong(++parameter, stored.words);
      update.setLong(++parameter, stored.bodyBytes);
      update.setLong(++parameter, ref);
      update.executeUpdate();
    }
  }

  /// Updates the last activity of a call whose transcript is stored already.
  static void touch(Connection connection, long ref, Instant lastActivity) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update archived_call set ended_at = ? where id = ?")) {
      update.setObject(1, StorableTime.of(lastActivity));
      update.setLong(2, ref);
      update.executeUpdate();
    }
  }

  /// Reads a row of [#COLUMNS].
  public static ArchivedCall read(ResultSet row) throws SQLException {
    String recognizerState = row.getString("recognizer_state");
    @Nullable RecognizerStatus recognizer =
        recognizerState == null
            ? null
            : new RecognizerStatus(
                RecognizerStatus.State.valueOf(recognizerState.toUpperCase(Locale.ROOT)),
                Objects.requireNonNullElse(row.getString("recognizer"), ""),
                Objects.requireNonNullElse(row.getString("recognizer_reason"), ""));
    CallStart start =
        new CallStart(
            new CallId(row.getString("call_id")),
            row.getString("tenant"),
            CallStart.Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
            AudioFormat.parse(row.getString("format")),
            row.getString("from_number"),
            row.getString("to_number"),
            row.getString("language"),
            instant(row, 4));
    return new ArchivedCall(
        row.getLong("id"),
        new CallRecord(
            start,
            CallRecord.State.ENDED,
            instant(row, 5),
            Optional.ofNullable(row.getString("end_reason")),
            row.getBoolean("complete"),
            recognizer,
            row.getLong("finals"),
            row.getLong("received_bytes"),
            row.getLong("lost_bytes"),
            row.getLong("sent_bytes"),
            row.getLong("covered_bytes"),
            row.getLong("gap_bytes"),
            row.getLong("gap_ms"),
            row.getLong("unconfirmed"),
            row.getLong("claims")));
  }

  static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
