package io.verbatim.record.database;

import java.sql.Connection;
import java.sql.SQLException;

/// Work on one connection.
///
/// @param <T> its result
@FunctionalInterface
public interface Work<T> {

  /// Does the work.
  ///
  /// @param connection valid only during the call
  T on(Connection connection) throws SQLException;
}
