package io.verbatim.local.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.local.numbers.Shown.Ending;
import io.verbatim.local.numbers.Shown.Gap;
import io.verbatim.local.numbers.Shown.Word;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void everyWordOnce_andOneEnd_isSound() {
    assertThat(verdict(3, 0, 1, 2)).isEqualTo(new Verdict(3, 0, 0, 0, 0, 0, 1));
    assertThat(verdict(3, 0, 1, 2).isSound()).isTrue();
  }

  @Test
  void lostWord_isCounted() {
    assertThat(verdict(3, 0, 2)).isEqualTo(new Verdict(3, 1, 0, 0, 0, 0, 1));
    assertThat(verdict(3, 0, 2).isSound()).isFalse();
  }

  @Test
  void repeatedWord_isCounted() {
    assertThat(verdict(3, 0, 1, 1, 2)).isEqualTo(new Verdict(3, 0, 0, 1, 0, 0, 1));
    assertThat(verdict(3, 0, 1, 1, 2).isSound()).isFalse();
  }

  @Test
  void wordNobodySpoke_isCounted() {
    assertThat(verdict(2, 0, 1, 2)).isEqualTo(new Verdict(2, 0, 0, 1, 0, 0, 1));
  }

  @Test
  void wordInTheWrongPlace_isCounted() {
    assertThat(verdict(3, 0, 2, 1)).isEqualTo(new Verdict(3, 0, 0, 0, 1, 0, 1));
    assertThat(verdict(3, 0, 2, 1).isSound()).isFalse();
  }

  @Test
  void wordAtAnotherTime_isCounted() {
    Shown shown =
        new Shown(List.of(new Word(0, 20), new Word(1, 41)), List.of(), ended(1), /* resyncs= */ 0);

    assertThat(Verdict.of(2, shown, List.of())).isEqualTo(new Verdict(2, 0, 0, 0, 0, 1, 1));
  }

  @Test
  void callThatEndedTwiceOrNever_isNotSound() {
    assertThat(Verdict.of(1, shown(2, 0), List.of()).isSound()).isFalse();
    assertThat(Verdict.of(1, shown(0, 0), List.of()).isSound()).isFalse();
  }

  @Test
  void wordInAGap_mayBeMissing_andOnlyThat() {
    List<Gap> gap = List.of(new Gap(20, 60, "log_lost"));

    assertThat(Verdict.of(4, shown(1, 0, 3), gap)).isEqualTo(new Verdict(4, 0, 2, 0, 0, 0, 1));
    assertThat(Verdict.of(4, shown(1, 0), gap)).isEqualTo(new Verdict(4, 1, 2, 0, 0, 0, 1));
  }

  @Test
  void wordThatIsThereInSpiteOfAGap_isOneTooMany() {
    assertThat(Verdict.of(3, shown(1, 0, 1, 2), List.of(new Gap(20, 40, "log_lost"))))
        .isEqualTo(new Verdict(3, 0, 0, 1, 0, 0, 1));
  }

  private static Verdict verdict(int expected, int... words) {
    return Verdict.of(expected, shown(1, words), List.of());
  }

  /// Words at their times.
  private static Shown shown(int ends, int... words) {
    return new Shown(
        Arrays.stream(words).mapToObj(number -> new Word(number, number * 20L)).toList(),
        List.of(),
        ended(ends),
        0);
  }

  private static List<Ending> ended(int times) {
    return Collections.nCopies(times, new Ending("stop", 60, true));
  }

  @Test
  void longScript_isComparedWordByWord() {
    assertThat(verdict(1000, IntStream.range(0, 1000).toArray()).isSound()).isTrue();
  }
}
