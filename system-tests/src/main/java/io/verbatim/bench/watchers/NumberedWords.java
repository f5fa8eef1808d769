package io.verbatim.bench.watchers;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// Texts that begin with `@` and nine digits, and the time each was written. Thread-safe.
public final class NumberedWords {
  static final int DIGITS = 9;

  private static final int REMEMBERED = 1 << 20;
  private static final String FILLER =
      " so the amount on the letter is not the amount that was taken from my account," + " is it";

  private final AtomicLongArray writtenNanos = new AtomicLongArray(REMEMBERED);
  private final AtomicInteger next = new AtomicInteger();

  /// Returns the next number. [#written] sets its time.
  public int next() {
    return next.getAndIncrement();
  }

  /// The text with this number, about 90 characters.
  public static String text(int number) {
    return String.format(Locale.ROOT, "@%09d", number) + FILLER;
  }

  /// Records that the text with this number is written now.
  public void written(int number) {
    writtenNanos.set(number & (REMEMBERED - 1), System.nanoTime());
  }

  long writtenNanos(int number) {
    return writtenNanos.get(number & (REMEMBERED - 1));
  }

  /// The number of texts so far.
  public int count() {
    return next.get();
  }
}
