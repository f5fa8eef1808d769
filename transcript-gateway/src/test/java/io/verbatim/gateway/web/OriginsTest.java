package io.verbatim.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginsTest {

  private final Origins origins = new Origins(Set.of("https://desk.example.com"));

  @Test
  void onlyListedOrigin_mayRead() {
    assertThat(origins.mayRead("https://desk.example.com")).isTrue();
    assertThat(origins.mayRead("https://desk.example.com.evil.net")).isFalse();
    assertThat(origins.mayRead("http://desk.example.com")).isFalse();
    assertThat(origins.mayRead("null")).isFalse();
    assertThat(origins.mayRead(null)).isFalse();
  }

  @Test
  void ownPage_isRecognisedByHostWithAnyScheme() {
    assertThat(origins.isOurs("https://verbatim.example", "verbatim.example")).isTrue();
    assertThat(origins.isOurs("http://localhost:8080", "localhost:8080")).isTrue();
    assertThat(origins.isOurs(null, "localhost:8080")).isTrue();
    assertThat(origins.isOurs("http://localhost:9090", "localhost:8080")).isFalse();
    assertThat(origins.isOurs("https://evil.example", "verbatim.example")).isFalse();
    assertThat(origins.isOurs("null", "verbatim.example")).isFalse();
  }
}
