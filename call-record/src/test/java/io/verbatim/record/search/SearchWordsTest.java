package io.verbatim.record.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.record.search.SearchWords.Alternative;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchWordsTest {

  private static final String TEXT = "A refund, then a cancelled order for a refund";

  @ParameterizedTest
  @CsvSource({
    "refund or cancel, refund cancel refund",
    "refund OR kettle, refund refund",
    "kettle or refund order, refund order refund",
    "refund kettle or order, order",
    "kettle or refund -order, ''",
    "kettle or refund -lid, refund refund",
    "refund or refund, refund refund",
    "or refund or or kettle or, refund refund",
    "\"a refund\" or kettle, A refund a refund",
    "\"or\", or or",
    "refund or -order, refund refund",
    "-refund, ''",
    "or, ''",
  })
  void query_findsPlacesInText(String query, String expected) {
    String found =
        SearchWords.parse(query).find(TEXT).stream()
            .map(match -> TEXT.substring(match.from(), match.to()))
            .collect(Collectors.joining(" "));

    assertThat(found).isEqualTo(expected);
  }

  @Test
  void termsAboveTwenty_areIgnored() {
    List<Alternative> alternatives =
        SearchWords.parse("word ".repeat(19) + "or last ignored or ignored").alternatives();

    assertThat(alternatives).hasSize(2);
    assertThat(alternatives.getLast().wanted()).containsExactly("last");
  }
}
