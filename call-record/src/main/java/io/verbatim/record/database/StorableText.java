package io.verbatim.record.database;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Text as a database accepts it.
public final class StorableText {

  private StorableText() {}

  /// Replaces NUL, which Postgres refuses, and unpaired surrogates, which have no UTF-8 form.
  public static String of(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        .replace('\0', '\uFFFD');
  }

  /// The same; null for null.
  public static @Nullable String ofNullable(@Nullable String text) {
    return text == null ? null : of(text);
  }
}
