package io.verbatim.gateway.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads query parameters, and refuses what means nothing with a problem that names the parameter.
public final class Parameters {

  private Parameters() {}

  /// A whole number within bounds.
  public static int number(
      String name, Optional<String> given, int least, int most, int otherwise) {
    if (given.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(given.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, with the bounds.
    }
    throw refused(name, "must be a whole number from " + least + " to " + most);
  }

  /// One of an enum's names, in lower case.
  public static <E extends Enum<E>> E oneOf(
      String name, Optional<String> given, Class<E> kind, E otherwise) {
    Function<E, String> word = constant -> constant.name().toLowerCase(Locale.ROOT);
    E[] all = kind.getEnumConstants();
    if (given.isEmpty()) {
      return otherwise;
    }
    return Arrays.stream(all)
        .filter(constant -> word.apply(constant).equals(given.get()))
        .findFirst()
        .orElseThrow(() ->
            refused(
                name,
                "must be one of "
                    + Arrays.stream(all).map(word).collect(Collectors.joining(", "))));
  }

  public static ProblemException refused(String name, String rule) {
    return new ProblemException(Problem.parameter(name, rule));
  }
}
