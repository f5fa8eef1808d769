package io.verbatim.record.numbers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneNumberTest {

  @ParameterizedTest
  @CsvSource({
    "+91 98765 43210, …3210",
    "9876543210, …3210",
    "12345678, …5678",
    "1234567, …",
    "…3210, …3210",
    "…, …",
    "…9876543210, …3210",
    "' 9876543210 ', …3210",
    "'', …",
  })
  void masked_showsAtMostTheLastFourDigits(String number, String shown) {
    assertThat(PhoneNumber.masked(number)).isEqualTo(shown);
    assertThat(PhoneNumber.masked(shown)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "+91 98765 43210, 9876543210, true",
    "09876543210, (987) 654-3210, true",
    "+44 20 7946 0018, 2079460018, true",
    "12345, 12345, true",
    "12345, 012345, false",
    "9876543210, 9876543211, false",
    "9876543210, …3210, false",
    "9876543210, unknown, false",
  })
  void matches_comparesTheLastTenDigits(String one, String other, boolean same) {
    assertThat(PhoneNumber.parse(one).orElseThrow().matches(other)).isEqualTo(same);
    assertThat(PhoneNumber.parse(one).orElseThrow().toString()).doesNotContain("43210");
  }
}
