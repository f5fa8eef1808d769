package io.verbatim.local.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.sample.SampleCall;
import io.verbatim.local.sample.Utterance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final SampleCall SCRIPT = SampleCall.load();

  private final List<String> finals =
      new ArrayList<>(SCRIPT.utterances().stream().map(Utterance::text).toList());

  @Test
  void script_isWhole() {
    assertThat(judged()).isInstanceOf(Judgement.Whole.class);
  }

  @Test
  void finalsThatWereCutElsewhere_areWhole() {
    String first = finals.removeFirst();
    int cut = first.indexOf(' ', 20);
    finals.addFirst(first.substring(cut).strip());
    finals.addFirst(first.substring(0, cut));
    finals.add("");

    assertThat(judged()).isInstanceOf(Judgement.Whole.class);
  }

  @Test
  void repeatedFinal_differs() {
    finals.add(3, finals.get(2));

    assertThat(judged()).isInstanceOf(Judgement.Differs.class);
  }

  @Test
  void lostWord_differsThere() {
    finals.set(0, finals.getFirst().replaceFirst("Thank you", "Thank"));

    assertThat(judged())
        .isInstanceOfSatisfying(
            Judgement.Differs.class,
            differs -> {
              assertThat(differs.word()).isEqualTo(1);
              assertThat(differs.wordsHeard()).isEqualTo(differs.wordsExpected() - 1);
            });
  }

  @Test
  void emptyTranscript_differs() {
    finals.clear();

    assertThat(judged()).isInstanceOf(Judgement.Differs.class);
  }

  private Judgement judged() {
    return Judgement.of(new EndedCall("call", finals, true, 0), SCRIPT);
  }
}
