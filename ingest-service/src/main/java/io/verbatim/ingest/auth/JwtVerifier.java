package io.verbatim.ingest.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import io.verbatim.tokens.KeySource;
import io.verbatim.tokens.TokenKey;
import io.verbatim.tokens.TokenSettings;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Checks a JWT: asymmetric signature, `exp` always, `nbf` where present, issuer and audience where
/// they are configured. Clocks may differ by a minute.
///
/// Which algorithms a token may name depends on the key, never on the token alone: a public key is
/// not an HMAC secret, and `none` is no algorithm.
public final class JwtVerifier {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final int LONGEST_TOKEN = 8192;

  private final KeySource keys;
  private final Optional<String> issuer;
  private final Optional<String> audience;
  private final InstantSource clock;

  JwtVerifier(
      KeySource keys, Optional<String> issuer, Optional<String> audience, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /// Checks tokens as the settings say.
  public static JwtVerifier of(TokenSettings settings, KeySource keys, InstantSource clock) {
    return new JwtVerifier(keys, settings.expectedIssuer(), settings.expectedAudience(), clock);
  }

  /// What a token came to.
  sealed interface Verdict {
    record Valid(JWTClaimsSet claims) implements Verdict {}

    record Invalid(Rejected rejection) implements Verdict {}
  }

  /// Checks a token. Fails only where the keys cannot be had.
  CompletionStage<Verdict> verify(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return done(
          invalid("token_too_long", "The token has more than " + LONGEST_TOKEN + " characters."));
    }
    JWT jwt;
    try {
      jwt = JWTParser.parse(token);
    } catch (ParseException | IllegalArgumentException e) {
      return done(invalid("malformed_token", "The token is not a JWT."));
    }
    if (!(jwt instanceof SignedJWT signed)) {
      return done(invalid("unsigned_token", "The token is not signed."));
    }
    JWSAlgorithm algorithm = signed.getHeader().getAlgorithm();
    if (!TokenKey.ALGORITHMS.contains(algorithm)) {
      return done(invalid("bad_algorithm", "The token's algorithm is none that is accepted."));
    }
    return keys.candidates(signed.getHeader()).thenApply(candidates -> verify(signed, candidates));
  }

  private Verdict verify(SignedJWT token, List<TokenKey> candidates) {
    if (candidates.isEmpty()) {
      return invalid("unknown_key", "The token's key is none of the issuer's.");
    }
    JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
    if (candidates.stream().noneMatch(key -> key.takes(algorithm))) {
      return invalid("bad_algorithm", "The token's algorithm is not one of the configured key.");
    }
    if (candidates.stream().noneMatch(key -> key.signed(token))) {
      return invalid("bad_signature", "The token's signature does not match.");
    }
    try {
      return claims(token.getJWTClaimsSet());
    } catch (ParseException e) {
      return invalid("malformed_token", "The token's claims are not JSON.");
    }
  }

  private Verdict claims(JWTClaimsSet claims) {
    Date expires = claims.getExpirationTime();
    Date notBefore = claims.getNotBeforeTime();
    if (expires == null) {
      return invalid("no_expiry", "The token has no exp.");
    }
    if (expires.toInstant().plus(SKEW).isBefore(clock.instant())) {
      return invalid("token_expired", "The token has expired.");
    }
    if (notBefore != null && notBefore.toInstant().minus(SKEW).isAfter(clock.instant())) {
      return invalid("token_not_yet_valid", "The token is not valid yet.");
    }
    if (issuer.isPresent() && !issuer.get().equals(claims.getIssuer())) {
      return invalid("bad_issuer", "The token is not of the configured issuer.");
    }
    if (audience.isPresent() && !claims.getAudience().contains(audience.get())) {
      return invalid("bad_audience", "The token is not for the configured audience.");
    }
    return new Verdict.Valid(claims);
  }

  private static Verdict invalid(String code, String detail) {
    return new Verdict.Invalid(Rejected.unauthorized(code, detail));
  }

  private static CompletionStage<Verdict> done(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
