package io.verbatim.record.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A position in the log: behind an entry, towards older ones.
///
/// @param at the time of the entry, in microseconds
/// @param id its number
public record AuditCursor(long at, long id) {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");
  private static final long MAX_MICROS = 253_370_764_800_000_000L; // The year 9999.

  /// Empty if the text is no cursor.
  public static Optional<AuditCursor> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    AuditCursor cursor =
        new AuditCursor(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    return cursor.at <= MAX_MICROS ? Optional.of(cursor) : Optional.empty();
  }

  static AuditCursor behind(Instant at, long id) {
    return new AuditCursor(ChronoUnit.MICROS.between(Instant.EPOCH, at), id);
  }

  Instant time() {
    return Instant.EPOCH.plus(at, ChronoUnit.MICROS);
  }

  /// The text that [#parse] reads.
  @Override
  public String toString() {
    return at + "-" + id;
  }
}
