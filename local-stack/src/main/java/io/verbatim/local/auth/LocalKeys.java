package io.verbatim.local.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/// A key pair of this process, and the tokens it signs. Thread-safe.
public final class LocalKeys {
  private static final int KEY_BITS = 2048;

  private final KeyPair pair;
  private final InstantSource clock;

  public LocalKeys(InstantSource clock) {
    this.clock = clock;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(KEY_BITS);
      this.pair = generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The public key as PEM, for `JWT_PUBLIC_KEY`.
  public String publicKeyPem() {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(pair.getPublic().getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
  }

  /// Creates a token.
  ///
  /// @param scope the scopes, separated by spaces
  /// @param tenantId the tenant; null omits the claim
  /// @param life until its expiry; may be negative
  public String token(String scope, @Nullable String tenantId, Duration life) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .subject("local-stack")
            .claim("scope", scope)
            .expirationTime(Date.from(clock.instant().plus(life)));
    if (tenantId != null) {
      claims.claim("tenant_id", tenantId);
    }
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims.build());
    try {
      token.sign(new RSASSASigner(pair.getPrivate()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
