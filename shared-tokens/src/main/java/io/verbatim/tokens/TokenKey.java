package io.verbatim.tokens;

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

/// A public key and the algorithms its signatures may be of: RSA of 2048 bits and more, P-256,
/// P-384 or Ed25519.
///
/// The key says which algorithms may be used, never the token alone: a public key is no HMAC
/// secret, and `none` is no algorithm. For use by any thread.
public final class TokenKey {

  /// Every algorithm that any token may name.
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

  private static final int LEAST_RSA_BITS = 2048;
  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384);
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /// Checks one token, whose algorithm is known to fit the key.
  private interface Check {
    boolean holds(SignedJWT token) throws JOSEException, GeneralSecurityException;
  }

  private final Set<JWSAlgorithm> algorithms;
  private final Check check;

  private TokenKey(Set<JWSAlgorithm> algorithms, Check check) {
    this.algorithms =
        algorithms.stream().filter(ALGORITHMS::contains).collect(Collectors.toUnmodifiableSet());
    this.check = check;
  }

  /// Takes a key of a kind and strength that is good for tokens.
  public static Optional<TokenKey> of(PublicKey key) {
    try {
      return switch (key) {
        case RSAPublicKey rsa when rsa.getModulus().bitLength() >= LEAST_RSA_BITS ->
            Optional.of(of(new RSASSAVerifier(rsa)));
        case ECPublicKey ec when isOfAKnownCurve(ec) -> Optional.of(of(new ECDSAVerifier(ec)));
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

  /// Takes a key as issuers publish it.
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

  /// Whether tokens of this algorithm may be signed with this key.
  public boolean takes(JWSAlgorithm algorithm) {
    return algorithms.contains(algorithm);
  }

  /// Whether the token is signed with this key.
  public boolean signed(SignedJWT token) {
    try {
      return takes(token.getHeader().getAlgorithm()) && check.holds(token);
    } catch (JOSEException | GeneralSecurityException malformed) {
      return false;
    }
  }

  private static boolean isOfAKnownCurve(ECPublicKey key) {
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

  /// From a point's 32 bytes, which the JDK reads only behind their X.509 prefix.
  private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.writeBytes(ED25519_PREFIX);
    encoded.writeBytes(point);
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
  }
}
