package io.verbatim.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class TokenSettingsTest {

  @Test
  void auth0Domain_determinesKeyAddressIssuerAndAudience() {
    TokenSettings settings = new TokenSettings("", "", "Tenant.eu.auth0.com", "calls", "", "");

    assertThat(settings.jwks())
        .contains(URI.create("https://tenant.eu.auth0.com/.well-known/jwks.json"));
    assertThat(settings.expectedIssuer()).contains("https://tenant.eu.auth0.com/");
    assertThat(settings.expectedAudience()).contains("calls");
  }

  @Test
  void jwksUrl_checksOnlyTheIssuerThatIsSet() {
    TokenSettings settings = new TokenSettings("", "https://id.example/keys", "", "", "us", "");

    assertThat(settings.jwks()).contains(URI.create("https://id.example/keys"));
    assertThat(settings.expectedIssuer()).contains("us");
    assertThat(settings.expectedAudience()).isEmpty();
  }

  @Test
  void blankSettings_areUnset() {
    assertThat(new TokenSettings(" ", "", "\n", "", "", "").areSet()).isFalse();
  }
}
