package io.verbatim.record.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A query as alternatives of words and phrases. A text matches if it matches an alternative.
///
/// @param alternatives none if the query only excludes words
public record SearchWords(List<Alternative> alternatives) {

  /// What stands between two `or`: each word and phrase must be in the text, without regard to
  /// case, unless it is excluded.
  ///
  /// @param query the part of the query
  /// @param wanted in lower case
  /// @param excluded in lower case
  record Alternative(String query, List<String> wanted, List<String> excluded) {
    Alternative {
      wanted = List.copyOf(wanted);
      excluded = List.copyOf(excluded);
    }

    /// Parses at most this many words and phrases.
    private static Alternative parse(String query, int maxTerms) {
      List<String> wanted = new ArrayList<>();
      List<String> excluded = new ArrayList<>();
      Matcher terms = TERM.matcher(query);
      while (wanted.size() + excluded.size() < maxTerms && terms.find()) {
        String term = terms.group(2) != null ? terms.group(2) : terms.group(3);
        String plain = term.strip().toLowerCase(Locale.ROOT);
        if (!plain.isEmpty()) {
          (terms.group(1).isEmpty() ? wanted : excluded).add(plain);
        }
      }
      return new Alternative(query, wanted, excluded);
    }

    private boolean matches(String lower) {
      return wanted.stream().allMatch(lower::contains)
          && excluded.stream().noneMatch(lower::contains);
    }
  }

  private static final Pattern TERM = Pattern.compile("(-?)(?:\"([^\"]*)\"?|(\\S+))");
  private static final String OR = "or";
  private static final int MAX_TERMS = 20;

  public SearchWords {
    alternatives = List.copyOf(alternatives);
  }

  /// Parses a query. An alternative without a word to find is ignored.
  public static SearchWords parse(String query) {
    List<Alternative> alternatives = new ArrayList<>();
    int maxTerms = MAX_TERMS;
    for (String part : parts(query)) {
      Alternative alternative = Alternative.parse(part, maxTerms);
      maxTerms -= alternative.wanted().size() + alternative.excluded().size();
      if (!alternative.wanted().isEmpty()) {
        alternatives.add(alternative);
      }
    }
    return new SearchWords(alternatives);
  }

  private static List<String> parts(String query) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    Matcher terms = TERM.matcher(query);
    while (terms.find()) {
      if (OR.equalsIgnoreCase(terms.group())) {
        parts.add(query.substring(start, terms.start()).strip());
        start = terms.end();
      }
    }
    parts.add(query.substring(start).strip());
    return parts;
  }

  /// The query without alternatives that find nothing.
  String query() {
    return alternatives.stream().map(Alternative::query).collect(Collectors.joining(" or "));
  }

  /// The parts of a text that match; empty if the text does not match.
  public List<SearchHit.Match> find(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() != text.length()) {
      return List.of();
    }
    return alternatives.stream()
        .filter(alternative -> alternative.matches(lower))
        .flatMap(alternative -> alternative.wanted().stream())
        .distinct()
        .flatMap(word -> places(word, lower).stream())
        .sorted(Comparator.comparingInt(SearchHit.Match::from))
        .toList();
  }

  private static List<SearchHit.Match> places(String word, String lower) {
    List<SearchHit.Match> places = new ArrayList<>();
    for (int at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length())) {
      places.add(new SearchHit.Match(at, at + word.length()));
    }
    return places;
  }
}
