package io.verbatim.record.search;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A search.
///
/// @param text words, `"a phrase"`, `or`, and `-word` to exclude
/// @param from the earliest start of a call; null for any
/// @param to calls that started before; null for any
/// @param tenant the only tenant whose calls are searched; null for all
/// @param speaker the only speaker, from 1; 0 for all
/// @param cursor where to continue
/// @param limit hits of one page
public record SearchQuery(
    String text,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String tenant,
    int speaker,
    SearchCursor cursor,
    int limit) {

  /// Contains no word that was searched.
  @Override
  public String toString() {
    return "SearchQuery[limit=" + limit + "]";
  }
}
