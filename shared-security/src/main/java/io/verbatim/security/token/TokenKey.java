package io.verbatim.security.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A public key and the signature algorithms accepted for it: RSA of at least 2048 bits, P-256,
/// P-384 or Ed25519.
///
/// The key determines the accepted algorithms, not the token: a public key is never used as an HMAC
/// secret, and `none` is never accepted. Thread-safe.
public final class TokenKey {

  /// Every algorithm that is accepted for some key.
  public static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.EdDSA,
          JWSAlgorithm.Ed25519);

  private static final int MIN_RSA_BITS = 2048;
  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384);
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /// Verifies the signature of a token whose algorithm is accepted for the key.
  private interface SignatureCheck {
    boolean isValid(SignedJWT token) throws JOSEException, GeneralSecurityException;
  }

  private final Set<JWSAlgorithm> algorithms;
  private final SignatureCheck check;

  private TokenKey(Set<JWSAlgorithm> algorithms, SignatureCheck check) {
    this.algorithms =
        algorithms.stream().filter(ALGORITHMS::contains).collect(Collectors.toUnmodifiableSet());
    this.check = check;
  }

  /// Wraps a key; empty if its type or size is not supported.
  public static Optional<TokenKey> of(PublicKey key) {
    try {
      return switch (key) {
        case RSAPublicKey rsa when rsa.getModulus().bitLength() >= MIN_RSA_BITS ->
            Optional.of(of(new RSASSAVerifier(rsa)));
        case ECPublicKey ec when isOnSupportedCurve(ec) -> Optional.of(of(new ECDSAVerifier(ec)));
        case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") ->
            Optional.of(
                new TokenKey(
                    Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519),
                    token -> ed25519(key, token)));
        default -> Optional.empty();
      };
    } catch (JOSEException unsupported) {
      return Optional.empty();
    }
  }

  /// Wraps a published key; empty if its type or size is not supported.
  static Optional<TokenKey> of(JWK published) {
    try {
      return switch (published) {
        case RSAKey rsa -> of(rsa.toRSAPublicKey());
        case ECKey ec -> of(ec.toECPublicKey());
        case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
            of(ed25519(pair.getDecodedX()));
        default -> Optional.empty();
      };
    } catch (JOSEException | GeneralSecurityException malformed) {
      return Optional.empty();
    }
  }

  private static TokenKey of(JWSVerifier verifier) {
    return new TokenKey(verifier.supportedJWSAlgorithms(), token -> token.verify(verifier));
  }

  /// Whether this key accepts the algorithm.
  public boolean accepts(JWSAlgorithm algorithm) {
    return algorithms.contains(algorithm);
  }

  /// Whether this key has signed the token, with an accepted algorithm.
  public boolean verifies(SignedJWT token) {
    try {
      return accepts(token.getHeader().getAlgorithm()) && check.isValid(token);
    } catch (JOSEException | GeneralSecurityException malformed) {
      return false;
    }
  }

  private static boolean isOnSupportedCurve(ECPublicKey key) {
    Curve curve = Curve.forECParameterSpec(key.getParams());
    return curve != null && CURVES.contains(curve);
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

  /// Creates a key from the 32 bytes of a point. The JDK requires the X.509 prefix before them.
  private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.writeBytes(ED25519_PREFIX);
    encoded.writeBytes(point);
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
  }
}
