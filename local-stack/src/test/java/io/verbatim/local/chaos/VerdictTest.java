package io.verbatim.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void everyWordOnce_andOneEnd_isSound() {
    assertThat(Verdict.of(3, List.of(0, 1, 2), 1).isSound()).isTrue();
  }

  @Test
  void lostWord_isCounted() {
    assertThat(Verdict.of(3, List.of(0, 2), 1)).isEqualTo(new Verdict(3, 1, 0, 0, 1));
  }

  @Test
  void repeatedWord_isCounted() {
    assertThat(Verdict.of(3, List.of(0, 1, 1, 2), 1)).isEqualTo(new Verdict(3, 0, 1, 0, 1));
  }

  @Test
  void wordInTheWrongPlace_isCounted() {
    assertThat(Verdict.of(3, List.of(0, 2, 1), 1)).isEqualTo(new Verdict(3, 0, 0, 1, 1));
  }

  @Test
  void callThatEndedTwiceOrNever_isNotSound() {
    assertThat(Verdict.of(1, List.of(0), 2).isSound()).isFalse();
    assertThat(Verdict.of(1, List.of(0), 0).isSound()).isFalse();
  }
}
