package io.verbatim.record.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A query as words and phrases, for texts that no index covers: each must be in the text, without
/// regard to case, unless it is excluded.
///
/// @param wanted in lower case
/// @param excluded in lower case
public record SearchWords(List<String> wanted, List<String> excluded) {

  private static final Pattern TERM = Pattern.compile("(-?)(?:\"([^\"]*)\"?|(\\S+))");
  private static final int MAX_TERMS = 20;

  public SearchWords {
    wanted = List.copyOf(wanted);
    excluded = List.copyOf(excluded);
  }

  public static SearchWords parse(String query) {
    List<String> wanted = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    Matcher terms = TERM.matcher(query.toLowerCase(Locale.ROOT));
    while (terms.find() && wanted.size() + excluded.size() < MAX_TERMS) {
      String term = terms.group(2) != null ? terms.group(2) : terms.group(3);
      String plain = term.strip();
      if (!plain.isEmpty() && !plain.equals("or")) {
        (terms.group(1).isEmpty() ? wanted : excluded).add(plain);
      }
    }
    return new SearchWords(wanted, excluded);
  }

  /// The parts of a text that match; empty if the text does not match.
  public List<SearchHit.Match> find(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (wanted.isEmpty()
        || lower.length() != text.length()
        || excluded.stream().anyMatch(lower::contains)) {
      return List.of();
    }
    List<SearchHit.Match> matches = new ArrayList<>();
    for (String word : wanted) {
      int at = lower.indexOf(word);
      if (at < 0) {
        return List.of();
      }
      for (; at >= 0; at = lower.indexOf(word, at + word.length())) {
        matches.add(new SearchHit.Match(at, at + word.length()));
      }
    }
    matches.sort(Comparator.comparingInt(SearchHit.Match::from));
    return matches;
  }
}
