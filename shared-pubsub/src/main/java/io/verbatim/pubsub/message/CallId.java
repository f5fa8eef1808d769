package io.verbatim.pubsub.message;

import java.util.regex.Pattern;

/// The id of one call: 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
///
/// Those characters are safe in a Redis key, in a path segment and in a log line.
public record CallId(String value) implements Comparable<CallId> {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public CallId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "invalid call id: use 1 to 128 characters of A-Z a-z 0-9 . _ -");
    }
  }

  /// Whether the text is a valid call id.
  public static boolean isValid(String text) {
    return SHAPE.matcher(text).matches();
  }

  @Override
  public int compareTo(CallId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
