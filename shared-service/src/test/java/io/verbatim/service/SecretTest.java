package io.verbatim.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {

  @Test
  void secret_printsAsStars() {
    assertThat(new Secret("hidden")).hasToString("***");
  }

  @Test
  void onlyTheSameText_matches() {
    Secret secret = new Secret("hidden");

    assertThat(secret.matches("hidden")).isTrue();
    assertThat(secret.matches("hidde")).isFalse();
    assertThat(secret.matches("hiddens")).isFalse();
    assertThat(secret.matches("")).isFalse();
  }

  @Test
  void unsetSecret_matchesNothing() {
    assertThat(new Secret("").isSet()).isFalse();
    assertThat(new Secret("").matches("")).isFalse();
  }
}
