package io.verbatim.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {

  @Test
  void growthInTheWarmUp_isIgnored() {
    Curve curve = curve("100 150 190 200 200 200 201 200 202");

    assertThat(curve.isFlat()).isTrue();
    assertThat(curve.growth()).isEqualTo(0.005, within(0.001));
    assertThat(curve.highest()).isEqualTo(202);
  }

  @Test
  void lastThirdAboveFivePercent_isNotFlat() {
    assertThat(curve("100 100 100 200 200 200 211 211 211").isFlat()).isFalse();
    assertThat(curve("100 100 100 200 200 200 209 209 209").isFlat()).isTrue();
  }

  @Test
  void shrinkingCurve_isFlat() {
    assertThat(curve("200 200 200 150 150 150").isFlat()).isTrue();
  }

  @Test
  void lengthThatIsNoMultipleOfThree_dropsItsBeginning() {
    assertThat(curve("1 900 200 200 200 200").growth()).isZero();
    assertThat(curve("900 1 200 200 200 200 200 200").growth()).isZero();
  }

  private static Curve curve(String values) {
    List<Long> bytes = Arrays.stream(values.split(" ", -1)).map(Long::valueOf).toList();
    return new Curve(bytes);
  }
}
