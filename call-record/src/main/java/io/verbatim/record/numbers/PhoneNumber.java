package io.verbatim.record.numbers;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A phone number for comparison: its last ten digits, because the same number is written with and
/// without a country code. A shorter number is compared as a whole.
///
/// @param digits at most ten
public record PhoneNumber(String digits) {

  private static final int COMPARED = 10;
  private static final int SHORTEST = 5;
  private static final int DIGITS_SHOWN = 4;
  private static final String MASK = "…";

  /// Empty if the text has fewer than five digits.
  public static Optional<PhoneNumber> parse(String text) {
    String digits = text.replaceAll("[^0-9]", "");
    return digits.length() < SHORTEST
        ? Optional.empty()
        : Optional.of(new PhoneNumber(digits.substring(Math.max(0, digits.length() - COMPARED))));
  }

  /// Whether a number as a caller sent it is this number.
  public boolean matches(@Nullable String number) {
    return number != null && parse(number).filter(this::equals).isPresent();
  }

  /// A number as it is shown: its last four characters. Hides a number of fewer than eight
  /// characters completely. A number that is masked stays as it is.
  public static @Nullable String masked(@Nullable String number) {
    if (number == null) {
      return null;
    }
    String stripped = number.strip();
    if (stripped.startsWith(MASK) && stripped.length() <= MASK.length() + DIGITS_SHOWN) {
      return stripped;
    }
    return stripped.length() < 2 * DIGITS_SHOWN
        ? MASK
        : MASK + stripped.substring(stripped.length() - DIGITS_SHOWN);
  }

  /// Does not contain the number.
  @Override
  public String toString() {
    return "PhoneNumber[…]";
  }
}
