package io.verbatim.testkit.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Set;

/// An issuer's key: signs tokens, and is published as JWK or PEM.
///
/// @param id the `kid`
public record IssuerKey(String id, KeyPair pair) {

  /// Generates a key for the algorithm.
  public static IssuerKey of(String id, String algorithm) {
    try {
      return switch (algorithm) {
        case "ES256" -> ec(id, "secp256r1");
        case "ES384" -> ec(id, "secp384r1");
        case "ES512" -> ec(id, "secp521r1");
        case "EdDSA", "Ed25519" ->
            new IssuerKey(id, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        default -> rsa(id, 2048);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static IssuerKey rsa(String id, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return new IssuerKey(id, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IssuerKey ec(String id, String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return new IssuerKey(id, generator.generateKeyPair());
  }

  public String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /// The public key.
  public JWK jwk() {
    return switch (pair.getPublic()) {
      case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(id).build();
      case ECPublicKey ec ->
          new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).keyID(id).build();
      default -> new OctetKeyPair.Builder(Curve.Ed25519, point()).keyID(id).build();
    };
  }

  /// A token that is valid for an hour by the system clock and has this key's id.
  public String token(String algorithm) {
    Date inAnHour = Date.from(Instant.now().plus(Duration.ofHours(1)));
    return signed(
        "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, id),
        new JWTClaimsSet.Builder().expirationTime(inAnHour).build().toString());
  }

  /// Signs any header and payload, valid or not.
  public String signed(String header, String payload) {
    String input = base64(header) + "." + base64(payload);
    try {
      return input + "." + signature(header, input.getBytes(US_ASCII));
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private Base64URL signature(String header, byte[] input)
      throws GeneralSecurityException, JOSEException {
    if (pair.getPrivate().getAlgorithm().equals("EdDSA")) {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(input);
      return Base64URL.encode(signature.sign());
    }
    JWSSigner signer =
        pair.getPrivate() instanceof ECPrivateKey ec
            ? new ECDSASigner(ec)
            : new RSASSASigner(pair.getPrivate(), Set.of(AllowWeakRSAKey.getInstance()));
    String algorithm = header.replaceFirst(".*\"alg\":\"([^\"]+)\".*", "$1");
    return signer.sign(new JWSHeader(JWSAlgorithm.parse(algorithm)), input);
  }

  private Base64URL point() {
    byte[] encoded = pair.getPublic().getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static Base64URL base64(String text) {
    return Base64URL.encode(text.getBytes(UTF_8));
  }
}
