package io.verbatim.record.database;

/// The databases that are supported.
public enum Dialect {
  /// Version 15 or newer.
  POSTGRES,
  /// Embedded, for a single gateway.
  H2
}
