package io.verbatim.record.database;

import org.jspecify.annotations.Nullable;

/// The database does not answer at the moment, or too many requests wait for it.
public final class DatabaseUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param reason without secrets or data
  public DatabaseUnavailableException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
