package io.verbatim.security.token;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How tokens are verified: with given keys, or with the keys an issuer publishes. An empty value
/// is unset. An invalid value is rejected with one sentence that names the setting.
///
/// @param publicKey `JWT_PUBLIC_KEY`, one or more public keys in PEM form
/// @param jwksUrl `JWT_JWKS_URL`, where an issuer publishes its keys
/// @param auth0Domain `AUTH0_DOMAIN`, which determines the key address and the issuer
/// @param auth0Audience `AUTH0_AUDIENCE`, the audience of that domain's tokens
/// @param issuer `JWT_ISSUER`, checked if set
/// @param audience `JWT_AUDIENCE`, checked if set
public record TokenSettings(
    String publicKey,
    String jwksUrl,
    String auth0Domain,
    String auth0Audience,
    String issuer,
    String audience) {

  public TokenSettings {
    publicKey = publicKey.strip();
    jwksUrl = jwksUrl.strip();
    auth0Domain = auth0Domain.strip();
    auth0Audience = auth0Audience.strip();
    issuer = issuer.strip();
    audience = audience.strip();
    List<String> sources = new ArrayList<>();
    addIfSet(sources, "JWT_PUBLIC_KEY", publicKey);
    addIfSet(sources, "JWT_JWKS_URL", jwksUrl);
    addIfSet(sources, "AUTH0_DOMAIN", auth0Domain);
    require(
        sources.size() < 2,
        String.join(" and ", sources) + " must not be set together: set one source of keys");
    require(
        auth0Domain.isEmpty() == auth0Audience.isEmpty(),
        "AUTH0_DOMAIN and AUTH0_AUDIENCE must be set together");
    require(
        auth0Domain.isEmpty() || issuer.isEmpty(),
        "JWT_ISSUER must not be set together with AUTH0_DOMAIN, which defines the issuer");
    require(
        auth0Domain.isEmpty() || audience.isEmpty(),
        "JWT_AUDIENCE must not be set together with AUTH0_AUDIENCE");
    require(
        auth0Domain.isEmpty() || auth0Domain.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+"),
        "AUTH0_DOMAIN must be a host name such as tenant.eu.auth0.com, without https:// or a path");
    require(
        jwksUrl.isEmpty() || isAllowedJwksUrl(uri(jwksUrl)),
        "JWT_JWKS_URL must be https://host/path without a user or a fragment; http:// is allowed"
            + " only for localhost");
    if (!publicKey.isEmpty()) {
      checkKey(publicKey);
    }
  }

  /// Whether a key source is configured.
  public boolean areSet() {
    return !publicKey.isEmpty() || jwks().isPresent();
  }

  /// The address of the published keys; empty if no issuer is configured.
  Optional<URI> jwks() {
    if (!auth0Domain.isEmpty()) {
      return Optional.of(URI.create(auth0Issuer() + ".well-known/jwks.json"));
    }
    return jwksUrl.isEmpty() ? Optional.empty() : Optional.of(URI.create(jwksUrl));
  }

  /// The only accepted `iss`; empty if any is accepted.
  public Optional<String> expectedIssuer() {
    return set(auth0Domain.isEmpty() ? issuer : auth0Issuer());
  }

  /// The value `aud` must contain; empty if `aud` is not checked.
  public Optional<String> expectedAudience() {
    return set(auth0Domain.isEmpty() ? audience : auth0Audience);
  }

  private static void checkKey(String pem) {
    try {
      PemPublicKey.parse(pem);
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException("JWT_PUBLIC_KEY " + invalid.getMessage(), invalid);
    }
  }

  private String auth0Issuer() {
    return "https://" + auth0Domain.toLowerCase(Locale.ROOT) + "/";
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /// An attacker who can change the keys in transit can sign tokens, so only TLS or loopback is
  /// allowed.
  private static boolean isAllowedJwksUrl(@Nullable URI address) {
    if (address == null
        || address.getHost() == null
        || address.getRawUserInfo() != null
        || address.getRawFragment() != null) {
      return false;
    }
    return "https".equalsIgnoreCase(address.getScheme())
        || ("http".equalsIgnoreCase(address.getScheme()) && isLoopback(address.getHost()));
  }

  private static boolean isLoopback(String host) {
    try {
      return host.equalsIgnoreCase("localhost")
          || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static void addIfSet(List<String> names, String name, String value) {
    if (!value.isEmpty()) {
      names.add(name);
    }
  }

  private static Optional<String> set(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static void require(boolean condition, String sentence) {
    if (!condition) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /// Keeps keys out of logs.
  @Override
  public String toString() {
    return "TokenSettings[***]";
  }
}
