package io.verbatim.tokens;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How tokens are checked: with a key, or with the keys an issuer publishes. An empty text is an
/// unset one; what makes no sense is refused with one sentence that names the setting.
///
/// @param publicKey `JWT_PUBLIC_KEY`, PEM as environments hold it
/// @param jwksUrl `JWT_JWKS_URL`, where an issuer publishes its keys
/// @param auth0Domain `AUTH0_DOMAIN`, which says where the keys are and who the issuer is
/// @param auth0Audience `AUTH0_AUDIENCE`, the audience that goes with it
/// @param issuer `JWT_ISSUER`, checked where set
/// @param audience `JWT_AUDIENCE`, checked where set
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
        String.join(" and ", sources) + " must not be set together: keys come from one place");
    require(
        auth0Domain.isEmpty() == auth0Audience.isEmpty(),
        "AUTH0_DOMAIN and AUTH0_AUDIENCE must be set together");
    require(
        auth0Domain.isEmpty() || issuer.isEmpty(),
        "JWT_ISSUER must not be set where AUTH0_DOMAIN is, which names the issuer");
    require(
        auth0Domain.isEmpty() || audience.isEmpty(),
        "JWT_AUDIENCE must not be set where AUTH0_AUDIENCE is");
    require(
        auth0Domain.isEmpty() || auth0Domain.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+"),
        "AUTH0_DOMAIN must be a host name such as tenant.eu.auth0.com, without https:// or a path");
    require(
        jwksUrl.isEmpty() || isTrustworthy(uri(jwksUrl)),
        "JWT_JWKS_URL must be https://host/path, without a user or a fragment (http:// only to this"
            + " machine)");
    if (!publicKey.isEmpty()) {
      checkKey(publicKey);
    }
  }

  /// Whether there is anything to check tokens with.
  public boolean areSet() {
    return !publicKey.isEmpty() || jwks().isPresent();
  }

  /// Where the keys are published.
  Optional<URI> jwks() {
    if (!auth0Domain.isEmpty()) {
      return Optional.of(URI.create(auth0Issuer() + ".well-known/jwks.json"));
    }
    return jwksUrl.isEmpty() ? Optional.empty() : Optional.of(URI.create(jwksUrl));
  }

  /// The only `iss` taken, where there is one.
  public Optional<String> expectedIssuer() {
    return set(auth0Domain.isEmpty() ? issuer : auth0Issuer());
  }

  /// What `aud` must contain, where there is something.
  public Optional<String> expectedAudience() {
    return set(auth0Domain.isEmpty() ? audience : auth0Audience);
  }

  private static void checkKey(String pem) {
    try {
      PemPublicKey.parse(pem);
    } catch (IllegalArgumentException unusable) {
      throw new IllegalArgumentException("JWT_PUBLIC_KEY " + unusable.getMessage(), unusable);
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

  /// Whoever can change what comes from there can sign tokens, so it comes by TLS, or from here.
  private static boolean isTrustworthy(@Nullable URI address) {
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
    } catch (IllegalArgumentException isAName) {
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

  private static void require(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /// Keys are public, but nobody needs them in a log.
  @Override
  public String toString() {
    return "TokenSettings[***]";
  }
}
