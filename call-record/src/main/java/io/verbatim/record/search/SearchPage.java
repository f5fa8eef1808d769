package io.verbatim.record.search;

import java.util.List;
import java.util.Optional;

/// Hits, and where the next ones begin.
///
/// @param next empty if there are no more
public record SearchPage(List<SearchHit> hits, Optional<SearchCursor> next) {
  public SearchPage {
    hits = List.copyOf(hits);
  }
}
