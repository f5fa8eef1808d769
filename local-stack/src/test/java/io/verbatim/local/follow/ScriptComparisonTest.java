package io.verbatim.local.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptComparisonTest {
  private static final SampleCall SCRIPT = SampleCall.load();

  private final List<String> finals =
      new ArrayList<>(SCRIPT.utterances().stream().map(Utterance::text).toList());

  @Test
  void equalTranscript_isEqual() {
    assertThat(compare()).isInstanceOf(ScriptComparison.Equal.class);
  }

  @Test
  void finalsWithOtherBoundaries_areEqual() {
    String first = finals.removeFirst();
    int cut = first.indexOf(' ', 20);
    finals.addFirst(first.substring(cut).strip());
    finals.addFirst(first.substring(0, cut));
    finals.add("");

    assertThat(compare()).isInstanceOf(ScriptComparison.Equal.class);
  }

  @Test
  void repeatedFinal_differs() {
    finals.add(3, finals.get(2));

    assertThat(compare()).isInstanceOf(ScriptComparison.Differs.class);
  }

  @Test
  void lostWord_differsAtItsIndex() {
    finals.set(0, finals.getFirst().replaceFirst("Thank you", "Thank"));

    assertThat(compare())
        .isInstanceOfSatisfying(
            ScriptComparison.Differs.class,
            differs -> {
              assertThat(differs.word()).isEqualTo(1);
              assertThat(differs.actualWords()).isEqualTo(differs.expectedWords() - 1);
            });
  }

  @Test
  void emptyTranscript_differs() {
    finals.clear();

    assertThat(compare()).isInstanceOf(ScriptComparison.Differs.class);
  }

  private ScriptComparison compare() {
    return ScriptComparison.of(new EndedCall("call", finals, true, 0), SCRIPT);
  }
}
