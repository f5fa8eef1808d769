package io.verbatim.security.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Verifies tokens: the asymmetric signature, `exp` always, `nbf` if present, issuer and audience
/// if configured. Tolerates one minute of clock difference.
///
/// The accepted algorithms depend on the key, not on the token. Keys come from the settings only:
/// the header fields `jku`, `jwk`, `x5u` and `x5c` are ignored. Thread-safe; keys are fetched on
/// the key source's threads.
public final class TokenVerifier {
  static final int MAX_TOKEN_CHARS = 8192;

  private static final Duration SKEW = Duration.ofSeconds(60);

  private final KeySource keys;
  private final Optional<String> issuer;
  private final Optional<String> audience;
  private final InstantSource clock;

  /// Verifies tokens with the configured issuer and audience.
  ///
  /// @param keys is not closed by this object
  public TokenVerifier(TokenSettings settings, KeySource keys, InstantSource clock) {
    this.keys = keys;
    this.issuer = settings.expectedIssuer();
    this.audience = settings.expectedAudience();
    this.clock = clock;
  }

  /// The result of a verification.
  public sealed interface Verdict {
    record Valid(TokenClaims claims) implements Verdict {}

    record Invalid(TokenFault fault) implements Verdict {}
  }

  /// Verifies a token. Never blocks. Fails only if the keys are unavailable.
  public CompletionStage<Verdict> verify(String token) {
    if (token.length() > MAX_TOKEN_CHARS) {
      return done(TokenFault.TOKEN_TOO_LONG);
    }
    JWT jwt;
    try {
      jwt = JWTParser.parse(token);
    } catch (ParseException | RuntimeException unreadable) {
      return done(TokenFault.MALFORMED_TOKEN);
    }
    if (!(jwt instanceof SignedJWT signed)) {
      return done(TokenFault.UNSIGNED_TOKEN);
    }
    if (!TokenKey.ALGORITHMS.contains(signed.getHeader().getAlgorithm())) {
      return done(TokenFault.BAD_ALGORITHM);
    }
    return keys.candidates(signed.getHeader()).thenApply(candidates -> verify(signed, candidates));
  }

  private Verdict verify(SignedJWT token, List<TokenKey> candidates) {
    if (candidates.isEmpty()) {
      return new Verdict.Invalid(TokenFault.UNKNOWN_KEY);
    }
    JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
    if (candidates.stream().noneMatch(key -> key.accepts(algorithm))) {
      return new Verdict.Invalid(TokenFault.BAD_ALGORITHM);
    }
    if (candidates.stream().noneMatch(key -> key.verifies(token))) {
      return new Verdict.Invalid(TokenFault.BAD_SIGNATURE);
    }
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      Optional<TokenFault> fault = fault(claims);
      return fault.isPresent() ? new Verdict.Invalid(fault.get()) : new Verdict.Valid(read(claims));
    } catch (ParseException | RuntimeException unreadable) {
      return new Verdict.Invalid(TokenFault.MALFORMED_TOKEN);
    }
  }

  private Optional<TokenFault> fault(JWTClaimsSet claims) {
    Instant now = clock.instant();
    if (claims.getExpirationTime() == null) {
      return Optional.of(TokenFault.NO_EXPIRY);
    }
    if (!now.isBefore(claims.getExpirationTime().toInstant().plus(SKEW))) {
      return Optional.of(TokenFault.TOKEN_EXPIRED);
    }
    if (claims.getNotBeforeTime() != null
        && now.plus(SKEW).isBefore(claims.getNotBeforeTime().toInstant())) {
      return Optional.of(TokenFault.TOKEN_NOT_YET_VALID);
    }
    if (issuer.isPresent() && !issuer.get().equals(claims.getIssuer())) {
      return Optional.of(TokenFault.BAD_ISSUER);
    }
    if (audience.isPresent() && !claims.getAudience().contains(audience.get())) {
      return Optional.of(TokenFault.BAD_AUDIENCE);
    }
    return Optional.empty();
  }

  private static TokenClaims read(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = new HashSet<>(words(claims, "scope"));
    scopes.addAll(words(claims, "permissions"));
    return new TokenClaims(
        Optional.ofNullable(claims.getSubject()),
        Optional.ofNullable(claims.getStringClaim("tenant_id")),
        Optional.ofNullable(claims.getStringClaim("interaction_id")),
        scopes,
        claims.getExpirationTime().toInstant());
  }

  /// Reads a space-separated string or an array of strings. Rejects any other type, because a token
  /// without scopes is unrestricted.
  private static List<String> words(JWTClaimsSet claims, String name) throws ParseException {
    @Nullable Object claim = claims.getClaim(name);
    if (claim == null) {
      return List.of();
    }
    if (claim instanceof String text) {
      return List.of(text.strip().split("\\s+", -1)).stream()
          .filter(word -> !word.isEmpty())
          .toList();
    }
    return List.copyOf(claims.getStringListClaim(name));
  }

  private static CompletionStage<Verdict> done(TokenFault fault) {
    return CompletableFuture.completedFuture(new Verdict.Invalid(fault));
  }
}
