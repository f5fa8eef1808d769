package io.verbatim.gateway.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns a token into a viewer, or says in one sentence why not.
///
/// Checked: signature, `exp` (always there), `nbf`, and issuer and audience where they are set.
/// Clocks may differ by a minute. Does no I/O and is safe for use by many threads.
public final class TokenVerifier {

  private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
  private static final int LONGEST_TOKEN = 8192;

  private final Signatures signatures;
  private final @Nullable String issuer;
  private final @Nullable String audience;
  private final InstantSource clock;

  /// Verifies tokens of one issuer's key.
  ///
  /// @param publicKeyPem RSA, EC or Ed25519, as PEM; `\n` escapes and quotes are allowed
  /// @param issuer the only `iss` accepted; null accepts any
  /// @param audience what `aud` must contain; null accepts any
  public TokenVerifier(
      String publicKeyPem,
      @Nullable String issuer,
      @Nullable String audience,
      InstantSource clock) {
    this.signatures = Signatures.of(PublicKeys.fromPem(publicKeyPem));
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  public AuthResult verify(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return AuthResult.unauthorized("The token is longer than " + LONGEST_TOKEN + " characters.");
    }
    try {
      SignedJWT signed = SignedJWT.parse(token);
      return signatures.hold(signed)
          ? judge(signed.getJWTClaimsSet())
          : AuthResult.unauthorized("The token's signature does not hold.");
    } catch (ParseException | IllegalArgumentException | IllegalStateException unreadable) {
      return AuthResult.unauthorized("The token is not a signed JWT.");
    }
  }

  private AuthResult judge(JWTClaimsSet claims) throws ParseException {
    Instant now = clock.instant();
    if (claims.getExpirationTime() == null) {
      return AuthResult.unauthorized("The token has no expiry (exp).");
    }
    Instant expiresAt = claims.getExpirationTime().toInstant();
    if (!now.isBefore(expiresAt.plus(CLOCK_SKEW))) {
      return AuthResult.unauthorized("The token has expired.");
    }
    if (claims.getNotBeforeTime() != null
        && now.plus(CLOCK_SKEW).isBefore(claims.getNotBeforeTime().toInstant())) {
      return AuthResult.unauthorized("The token is not valid yet (nbf).");
    }
    if (issuer != null && !issuer.equals(claims.getIssuer())) {
      return AuthResult.unauthorized("The token's issuer (iss) is not the expected one.");
    }
    if (audience != null && !claims.getAudience().contains(audience)) {
      return AuthResult.unauthorized("The token's audience (aud) does not include this service.");
    }
    return new AuthResult.Accepted(
        new Viewer(claims.getStringClaim("tenant_id"), scopes(claims), expiresAt));
  }

  private static Set<String> scopes(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = new HashSet<>();
    String scope = claims.getStringClaim("scope");
    if (scope != null) {
      scopes.addAll(Arrays.asList(scope.strip().split(" +")));
    }
    List<String> permissions = claims.getStringListClaim("permissions");
    if (permissions != null) {
      permissions.stream().filter(Objects::nonNull).forEach(scopes::add);
    }
    return scopes;
  }
}
