package io.verbatim.gateway.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.verbatim.tokens.KeySource;
import io.verbatim.tokens.TokenKey;
import io.verbatim.tokens.TokenSettings;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Turns a token into a viewer, or says in one sentence why not.
///
/// Checked: signature, by a pinned set of asymmetric algorithms, `exp` (always there), `nbf`, and
/// issuer and audience where they are set. Clocks may differ by a minute. For use by any thread;
/// keys that must be fetched are waited for elsewhere.
public final class TokenVerifier {

  private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
  private static final int LONGEST_TOKEN = 8192;
  private static final String NO_JWT = "The token is not a signed JWT.";

  private final KeySource keys;
  private final @Nullable String issuer;
  private final @Nullable String audience;
  private final InstantSource clock;

  /// Verifies tokens of one issuer.
  ///
  /// @param keys stays open
  /// @param issuer the only `iss` accepted; null accepts any
  /// @param audience what `aud` must contain; null accepts any
  TokenVerifier(
      KeySource keys, @Nullable String issuer, @Nullable String audience, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /// Verifies tokens as the settings say.
  public static TokenVerifier of(TokenSettings settings, KeySource keys, InstantSource clock) {
    return new TokenVerifier(
        keys,
        settings.expectedIssuer().orElse(null),
        settings.expectedAudience().orElse(null),
        clock);
  }

  /// Checks a token. Never blocks; fails only where the keys cannot be had.
  public CompletionStage<AuthResult> verify(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return refused("The token is longer than " + LONGEST_TOKEN + " characters.");
    }
    SignedJWT signed;
    try {
      signed = SignedJWT.parse(token);
    } catch (ParseException | IllegalArgumentException | IllegalStateException unreadable) {
      return refused(NO_JWT);
    }
    if (!TokenKey.ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
      return refused("The token's algorithm is none that is accepted.");
    }
    return keys.candidates(signed.getHeader()).thenApply(candidates -> verify(signed, candidates));
  }

  private AuthResult verify(SignedJWT token, List<TokenKey> candidates) {
    if (candidates.isEmpty()) {
      return AuthResult.unauthorized("The token's key is none of the issuer's.");
    }
    if (candidates.stream().noneMatch(key -> key.signed(token))) {
      return AuthResult.unauthorized("The token's signature does not hold.");
    }
    try {
      return judge(token.getJWTClaimsSet());
    } catch (ParseException unreadable) {
      return AuthResult.unauthorized(NO_JWT);
    }
  }

  private static CompletionStage<AuthResult> refused(String cause) {
    return CompletableFuture.completedFuture(AuthResult.unauthorized(cause));
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
