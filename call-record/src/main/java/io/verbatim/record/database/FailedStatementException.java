package io.verbatim.record.database;

import java.sql.SQLException;

/// The database refused a statement: a defect, a conflict with another transaction, or a timeout.
public final class FailedStatementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String state;

  /// Keeps the state only, because the database's message may contain data.
  FailedStatementException(SQLException failure) {
    super("the database refused a statement with state " + failure.getSQLState());
    this.state = String.valueOf(failure.getSQLState());
    setStackTrace(failure.getStackTrace());
  }

  /// The SQLSTATE.
  public String state() {
    return state;
  }
}
