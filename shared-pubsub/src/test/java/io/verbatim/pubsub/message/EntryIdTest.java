package io.verbatim.pubsub.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"0-0", "0-1", "320-0", "999999999999999999-999999999999999999"})
  void id_isParsedAndPrintedUnchanged(String text) {
    assertThat(EntryId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "1", "1-", "-1", "1--1", "01-0", "1-00", "+1-0", "1-0 ", "1-0.a", "x-0"})
  void malformedText_isNoId(String text) {
    assertThat(EntryId.tryParse(text)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> EntryId.parse(text));
  }

  @Test
  void numberOf19Digits_isNoId() {
    assertThat(EntryId.tryParse("9223372036854775808-0")).isEmpty();
  }

  @Test
  void next_isEndPositionOrNextCountAtSamePosition() {
    EntryId id = new EntryId(320, 0);

    assertThat(id.next(640)).hasToString("640-0");
    assertThat(id.next(320)).hasToString("320-1");
    assertThat(id.next(0).next(0)).hasToString("320-2");
  }

  @Test
  void ids_areInOrderOfPositionThenCount() {
    assertThat(new EntryId(90, 5)).isLessThan(new EntryId(320, 0));
    assertThat(new EntryId(320, 2)).isLessThan(new EntryId(320, 10));
  }
}
