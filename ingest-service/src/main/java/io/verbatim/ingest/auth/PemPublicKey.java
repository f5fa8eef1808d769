package io.verbatim.ingest.auth;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a public key in PEM form as people put it into an environment variable: with line breaks,
/// with `\n` in their place, in quotes, or all on one line.
public final class PemPublicKey {
  private static final int LEAST_RSA_BITS = 2048;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----(.+?)-----END \\1-----", Pattern.DOTALL);

  private PemPublicKey() {}

  /// Reads an RSA key of at least 2048 bits or an EC key, from a key or a certificate.
  ///
  /// @throws IllegalArgumentException with what is wrong, as the end of a sentence about the
  ///   setting
  public static PublicKey parse(String text) {
    Matcher block = BLOCK.matcher(text.replace("\\r", "").replace("\\n", "\n"));
    if (!block.find()) {
      throw new IllegalArgumentException(
          "must be a public key in PEM form (-----BEGIN PUBLIC KEY-----)");
    }
    if (block.group(1).contains("PRIVATE")) {
      throw new IllegalArgumentException("must be a public key, but is a private one");
    }
    try {
      byte[] der = Base64.getDecoder().decode(block.group(2).replaceAll("\\s", ""));
      return checked(
          switch (block.group(1)) {
            case "PUBLIC KEY" -> publicKey(der);
            case "CERTIFICATE" ->
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
            case String other ->
                throw new IllegalArgumentException(
                    "must be a PUBLIC KEY or a CERTIFICATE, but is " + other);
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("must be an RSA or EC public key", e);
    }
  }

  private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    }
  }

  private static PublicKey checked(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa when rsa.getModulus().bitLength() < LEAST_RSA_BITS ->
          throw new IllegalArgumentException(
              "must have at least 2048 bits, but has " + rsa.getModulus().bitLength());
      case RSAPublicKey rsa -> rsa;
      case ECPublicKey ec -> ec;
      default -> throw new IllegalArgumentException("must be an RSA or EC public key");
    };
  }
}
