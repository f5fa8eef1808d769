package io.verbatim.record.database;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// A time as a database stores it.
public final class StorableTime {

  private StorableTime() {}

  /// The time in UTC, to the microsecond.
  public static OffsetDateTime of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
