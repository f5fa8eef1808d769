package io.verbatim.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.function.UnaryOperator;

/// Tokens as an identity provider signs them, for tests.
public final class TestTokens {

  private static final KeyPair PAIR = pair("RSA", 2048);

  private TestTokens() {}

  /// The gateway's public key.
  public static String publicKeyPem() {
    return pem(PAIR.getPublic());
  }

  /// A token of an agent of one tenant.
  public static String agentOf(String tenant) {
    return token(claims -> claims.claim("tenant_id", tenant).claim("scope", Viewer.READ));
  }

  /// A token that may see all calls.
  public static String operator() {
    return token(claims -> claims.claim("scope", Viewer.READ + " " + Viewer.OPS));
  }

  /// A token that is valid for an hour, unless the claims change it.
  public static String token(UnaryOperator<JWTClaimsSet.Builder> claims) {
    return signed(PAIR, JWSAlgorithm.RS256, claims);
  }

  static String signed(
      KeyPair pair, JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> claims) {
    var defaults =
        new JWTClaimsSet.Builder()
            .subject("agent-7")
            .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
    try {
      SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims.apply(defaults).build());
      jwt.sign(new RSASSASigner(pair.getPrivate()));
      return jwt.serialize();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static KeyPair pair(String kind, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      if (bits > 0) {
        generator.initialize(bits);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String pem(Key key) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
  }
}
