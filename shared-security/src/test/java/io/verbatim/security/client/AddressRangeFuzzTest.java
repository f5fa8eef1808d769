package io.verbatim.security.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.testkit.fuzz.Assertion;

/// Fuzzes the parser of the address ranges in settings such as `TRUSTED_PROXIES`.
public class AddressRangeFuzzTest {

  /// Parses a comma-separated list of address ranges.
  @FuzzTest
  public void addresses(byte[] input) {
    for (String range : new String(input, UTF_8).split(",", 64)) {
      try {
        Assertion.check(AddressRange.parse(range).prefixBits() >= 0, "a negative prefix length");
      } catch (IllegalArgumentException refused) {
        Assertion.check(refused.getMessage() != null, "a refusal without a message");
      }
    }
  }
}
