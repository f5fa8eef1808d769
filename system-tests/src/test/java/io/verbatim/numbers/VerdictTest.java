package io.verbatim.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbatim.numbers.ReceivedTranscript.Ending;
import io.verbatim.numbers.ReceivedTranscript.Gap;
import io.verbatim.numbers.ReceivedTranscript.Word;
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
  void wordBeyondTheScript_isCountedAsRepeated() {
    assertThat(verdict(2, 0, 1, 2)).isEqualTo(new Verdict(2, 0, 0, 1, 0, 0, 1));
  }

  @Test
  void wordOutOfOrder_isCounted() {
    assertThat(verdict(3, 0, 2, 1)).isEqualTo(new Verdict(3, 0, 0, 0, 1, 0, 1));
    assertThat(verdict(3, 0, 2, 1).isSound()).isFalse();
  }

  @Test
  void wordAtTheWrongTime_isCounted() {
    ReceivedTranscript transcript =
        new ReceivedTranscript(
            List.of(new Word(0, 20), new Word(1, 41)), List.of(), ended(1), /* resyncs= */ 0);

    assertThat(Verdict.of(2, transcript, List.of())).isEqualTo(new Verdict(2, 0, 0, 0, 0, 1, 1));
  }

  @Test
  void callThatEndedTwiceOrNever_isNotSound() {
    assertThat(Verdict.of(1, transcript(2, 0), List.of()).isSound()).isFalse();
    assertThat(Verdict.of(1, transcript(0, 0), List.of()).isSound()).isFalse();
  }

  @Test
  void missingWord_isInGapOnlyWithinAGap() {
    List<Gap> gap = List.of(new Gap(20, 60, "log_lost"));

    assertThat(Verdict.of(4, transcript(1, 0, 3), gap)).isEqualTo(new Verdict(4, 0, 2, 0, 0, 0, 1));
    assertThat(Verdict.of(4, transcript(1, 0), gap)).isEqualTo(new Verdict(4, 1, 2, 0, 0, 0, 1));
  }

  @Test
  void wordWithinAGap_isCountedAsRepeated() {
    assertThat(Verdict.of(3, transcript(1, 0, 1, 2), List.of(new Gap(20, 40, "log_lost"))))
        .isEqualTo(new Verdict(3, 0, 0, 1, 0, 0, 1));
  }

  private static Verdict verdict(int expected, int... words) {
    return Verdict.of(expected, transcript(1, words), List.of());
  }

  /// A transcript of words at their times.
  private static ReceivedTranscript transcript(int ends, int... words) {
    return new ReceivedTranscript(
        Arrays.stream(words).mapToObj(number -> new Word(number, number * 20L)).toList(),
        List.of(),
        ended(ends),
        0);
  }

  private static List<Ending> ended(int times) {
    return Collections.nCopies(times, new Ending("stop", 60, true));
  }

  @Test
  void longScript_isSound() {
    assertThat(verdict(1000, IntStream.range(0, 1000).toArray()).isSound()).isTrue();
  }
}
