package io.verbatim.ingest.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.UnaryOperator;

/// Issues tokens with its own RSA key.
public final class Tokens {
  private final KeyPair keys;

  public Tokens() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      keys = generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public String publicKeyPem() {
    return pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  public String privateKeyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /// PEM with line breaks.
  public static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
  }

  /// A token without claims that is valid for an hour.
  public String valid() {
    return token(JWSAlgorithm.RS256, claims -> claims);
  }

  /// A token that is valid for an hour unless the claims set another expiry.
  public String token(JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> claims) {
    Date inAnHour = Date.from(Instant.now().plus(Duration.ofHours(1)));
    JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder().expirationTime(inAnHour);
    SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims.apply(builder).build());
    try {
      token.sign(new RSASSASigner(keys.getPrivate()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
