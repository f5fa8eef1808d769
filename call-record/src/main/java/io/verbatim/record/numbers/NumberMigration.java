package io.verbatim.record.numbers;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/// Makes the key in the database, and replaces the phone numbers of calls that were archived before
/// by their hashes and last digits. It is a migration, so it is complete before the first request.
public final class NumberMigration implements JavaMigration {

  private static final int BATCH = 1_000;
  private static final int KEY_BYTES = 32;
  private static final String SELECT =
      "select id, tenant, from_number, to_number from archived_call where id > ? and (from_number"
          + " is not null or to_number is not null) order by id limit "
          + BATCH;
  private static final String UPDATE =
      "update archived_call set from_number = ?, from_hash = ?, to_number = ?, to_hash = ? where id"
          + " = ?";

  private record Row(long id, String tenant, @Nullable String from, @Nullable String to) {}

  private final NumberHashes hashes;

  public NumberMigration(NumberHashes hashes) {
    this.hashes = hashes;
  }

  @Override
  public void migrate(Context context) throws SQLException {
    Connection connection = context.getConnection();
    makeKey(connection);
    NumberHashes.Key key = hashes.key(connection);
    long last = 0;
    List<Row> rows;
    do {
      rows = after(connection, last);
      for (Row row : rows) {
        update(connection, row, key);
        last = row.id;
      }
    } while (rows.size() == BATCH);
  }

  private static void makeKey(Connection connection) throws SQLException {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    try (PreparedStatement insert =
        connection.prepareStatement("insert into number_hash_key (id, secret) values (1, ?)")) {
      insert.setString(1, HexFormat.of().formatHex(random));
      insert.executeUpdate();
    }
  }

  private static List<Row> after(Connection connection, long id) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setLong(1, id);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(
              new Row(
                  found.getLong(1), found.getString(2), found.getString(3), found.getString(4)));
        }
      }
    }
    return rows;
  }

  private static void update(Connection connection, Row row, NumberHashes.Key key)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      update.setString(1, PhoneNumber.masked(row.from));
      update.setString(2, key.hash(row.from, row.tenant));
      update.setString(3, PhoneNumber.masked(row.to));
      update.setString(4, key.hash(row.to, row.tenant));
      update.setLong(5, row.id);
      update.executeUpdate();
    }
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("8");
  }

  @Override
  public String getDescription() {
    return "hash numbers";
  }

  @Override
  public @Nullable Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }
}
