package io.verbatim.gateway.problem;

import io.verbatim.security.http.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads query parameters. An invalid value ends the request with a problem that names the
/// parameter.
public final class Parameters {

  private Parameters() {}

  /// A whole number within bounds.
  public static int number(String name, Optional<String> given, int min, int max, int fallback) {
    if (given.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(given.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Reported below, with the bounds.
    }
    throw invalid(name, given.get(), "a whole number from " + min + " to " + max);
  }

  /// A time in ISO 8601, such as `2026-01-31T12:00:00Z`.
  public static Optional<Instant> time(String name, Optional<String> given) {
    try {
      return given
          .map(OffsetDateTime::parse)
          .filter(time -> checkedYear(name, time.toLocalDate()))
          .map(OffsetDateTime::toInstant);
    } catch (DateTimeException _) {
      throw invalid(name, given.orElse(""), "a time such as 2026-01-31T12:00:00Z");
    }
  }

  /// A time, or a day for its beginning in UTC.
  public static Optional<Instant> timeOrDay(String name, Optional<String> given) {
    return given.filter(text -> text.length() > "2026-01-31".length()).isPresent()
        ? time(name, given)
        : day(name, given).map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /// A day, such as `2026-01-31`.
  public static Optional<LocalDate> day(String name, Optional<String> given) {
    try {
      return given.map(LocalDate::parse).filter(day -> checkedYear(name, day));
    } catch (DateTimeException _) {
      throw invalid(name, given.orElse(""), "a day such as 2026-01-31");
    }
  }

  /// Refuses years that databases do not know.
  private static boolean checkedYear(String name, LocalDate day) {
    if (day.getYear() < 1970 || day.getYear() > 9999) {
      throw invalid(name, day.toString(), "a day of the years 1970 to 9999");
    }
    return true;
  }

  /// One of an enum's names, in lower case.
  public static <E extends Enum<E>> E oneOf(
      String name, Optional<String> given, Class<E> kind, E fallback) {
    Function<E, String> word = constant -> constant.name().toLowerCase(Locale.ROOT);
    E[] all = kind.getEnumConstants();
    if (given.isEmpty()) {
      return fallback;
    }
    return Arrays.stream(all)
        .filter(constant -> word.apply(constant).equals(given.get()))
        .findFirst()
        .orElseThrow(() ->
            invalid(
                name,
                given.get(),
                "one of " + Arrays.stream(all).map(word).collect(Collectors.joining(", "))));
  }

  /// A problem with an invalid value of a parameter.
  ///
  /// @param allowed the allowed values
  public static ProblemException invalid(String name, String value, String allowed) {
    return new ProblemException(Problem.parameter(name, value, allowed));
  }
}
