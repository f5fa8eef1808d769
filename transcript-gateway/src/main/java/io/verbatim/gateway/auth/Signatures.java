package io.verbatim.gateway.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;

/// Checks signatures made for one public key. The key alone says which algorithms may be used,
/// never the token, so neither `none` nor a shared secret can get through.
final class Signatures {

  /// Checks one token, whose algorithm is known to fit the key.
  private interface Check {
    boolean holds(SignedJWT token) throws JOSEException, GeneralSecurityException;
  }

  private final Set<JWSAlgorithm> algorithms;
  private final Check check;

  private Signatures(Set<JWSAlgorithm> algorithms, Check check) {
    this.algorithms = Set.copyOf(algorithms);
    this.check = check;
  }

  static Signatures of(PublicKey key) {
    try {
      return switch (key) {
        case RSAPublicKey rsa -> of(new RSASSAVerifier(rsa));
        case ECPublicKey ec -> of(new ECDSAVerifier(ec));
        case EdECPublicKey _ ->
            new Signatures(
                Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519), token -> ed25519(key, token));
        default -> throw new IllegalArgumentException(unusable());
      };
    } catch (JOSEException unsupported) {
      throw new IllegalArgumentException(unusable(), unsupported);
    }
  }

  private static Signatures of(JWSVerifier verifier) {
    return new Signatures(verifier.supportedJWSAlgorithms(), token -> token.verify(verifier));
  }

  boolean hold(SignedJWT token) {
    try {
      return algorithms.contains(token.getHeader().getAlgorithm()) && check.holds(token);
    } catch (JOSEException | GeneralSecurityException malformed) {
      return false;
    }
  }

  private static boolean ed25519(PublicKey key, SignedJWT token) throws GeneralSecurityException {
    if (token.getHeader().getCriticalParams() != null) {
      return false;
    }
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }

  private static String unusable() {
    return "JWT_PUBLIC_KEY must be an RSA, EC (P-256, P-384, P-521) or Ed25519 key";
  }
}
