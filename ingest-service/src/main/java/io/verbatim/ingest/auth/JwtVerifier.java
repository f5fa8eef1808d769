package io.verbatim.ingest.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import io.verbatim.ingest.auth.AuthResult.Rejected;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
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

  private final KeySource keys;
  private final Optional<String> issuer;
  private final Optional<String> audience;
  private final InstantSource clock;

  public JwtVerifier(
      KeySource keys, Optional<String> issuer, Optional<String> audience, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.audience = audience;
    this.clock = clock;
  }

  /// What a token came to.
  sealed interface Verdict {
    record Valid(JWTClaimsSet claims) implements Verdict {}

    record Invalid(Rejected rejection) implements Verdict {}
  }

  /// Checks a token. Fails only where the keys cannot be had.
  CompletionStage<Verdict> verify(String token) {
    JWT jwt;
    try {
      jwt = JWTParser.parse(token);
    } catch (ParseException | IllegalArgumentException e) {
      return done(invalid("malformed_token", "The token is not a JWT."));
    }
    if (!(jwt instanceof SignedJWT signed)) {
      return done(invalid("unsigned_token", "The token is not signed."));
    }
    return keys.candidates(Optional.ofNullable(signed.getHeader().getKeyID()))
        .thenApply(candidates -> verify(signed, candidates));
  }

  private Verdict verify(SignedJWT token, List<PublicKey> candidates) {
    boolean algorithmFits = false;
    for (PublicKey key : candidates) {
      try {
        JWSVerifier verifier = verifier(key);
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        if (accepts(verifier, key, algorithm)) {
          algorithmFits = true;
          if (token.verify(verifier)) {
            return claims(token.getJWTClaimsSet());
          }
        }
      } catch (JOSEException e) {
        // Signed with something this key cannot have made: as good as a wrong signature.
      } catch (ParseException e) {
        return invalid("malformed_token", "The token's claims are not JSON.");
      }
    }
    return algorithmFits
        ? invalid("bad_signature", "The token's signature does not match.")
        : invalid("bad_algorithm", "The token's algorithm is not one of the configured key.");
  }

  private static JWSVerifier verifier(PublicKey key) throws JOSEException {
    return switch (key) {
      case RSAPublicKey rsa -> new RSASSAVerifier(rsa);
      case ECPublicKey ec -> new ECDSAVerifier(ec);
      default -> throw new JOSEException("neither RSA nor EC");
    };
  }

  /// RSA: `RS*` and `PS*`. EC: the one `ES*` of the key's curve.
  private static boolean accepts(JWSVerifier verifier, PublicKey key, JWSAlgorithm algorithm) {
    return verifier.supportedJWSAlgorithms().contains(algorithm)
        && (key instanceof RSAPublicKey
            || algorithm.equals(JWSAlgorithm.ES256)
            || algorithm.equals(JWSAlgorithm.ES384)
            || algorithm.equals(JWSAlgorithm.ES512));
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
