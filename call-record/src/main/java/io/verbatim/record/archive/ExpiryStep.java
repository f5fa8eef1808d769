package io.verbatim.record.archive;

import io.verbatim.record.database.StorableText;
import io.verbatim.record.database.StorableTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Removes the transcripts and the phone numbers of expired calls in one transaction. The rows stay
/// for the usage.
final class ExpiryStep {

  private final Connection connection;

  ExpiryStep(Connection connection) {
    this.connection = connection;
  }

  int run(@Nullable String tenant, List<String> others, Instant before, int limit)
      throws SQLException {
    List<Long> refs = expired(tenant, others, before, limit);
    if (!refs.isEmpty()) {
      String in = " in (" + String.join(",", Collections.nCopies(refs.size(), "?")) + ")";
      execute("delete from archived_page where call_ref" + in, refs);
      execute("delete from archived_line where call_ref" + in, refs);
      execute(
          "update archived_call set content = 'expired', from_number = null, from_hash = null,"
              + " to_number = null, to_hash = null, body_bytes = 0 where id"
              + in,
          refs);
    }
    return refs.size();
  }

  private List<Long> expired(
      @Nullable String tenant, List<String> others, Instant before, int limit) throws SQLException {
    StringBuilder sql =
        new StringBuilder(
            "select id from archived_call where content = 'stored' and line <> '' and ended_at <"
                + " ?");
    List<String> tenants = tenant == null ? others : List.of(tenant);
    if (!tenants.isEmpty()) {
      sql.append(tenant == null ? " and tenant not in (" : " and tenant in (")
          .append(String.join(",", Collections.nCopies(tenants.size(), "?")))
          .append(")");
    }
    sql.append(" order by ended_at limit ? for update");
    try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
      int parameter = 0;
      select.setObject(++parameter, StorableTime.of(before));
      for (String name : tenants) {
        select.setString(++parameter, StorableText.of(name));
      }
      select.setInt(++parameter, limit);
      List<Long> refs = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          refs.add(rows.getLong(1));
        }
      }
      return refs;
    }
  }

  private void execute(String sql, List<Long> refs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int parameter = 0;
      for (long ref : refs) {
        statement.setLong(++parameter, ref);
      }
      statement.executeUpdate();
    }
  }
}
