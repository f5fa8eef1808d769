package io.verbatim.gateway.auth;

import io.verbatim.tokens.TokenKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads the public key tokens are verified with from PEM, in the shapes settings come in: with
/// real line breaks or written as `\n`, with or without quotes around it.
public final class PublicKeys {

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final List<String> KINDS = List.of("RSA", "EC", "Ed25519");
  private static final String UNUSABLE =
      "JWT_PUBLIC_KEY must be an RSA key of at least 2048 bits, an EC key of P-256 or P-384, or an Ed25519 key";

  private PublicKeys() {}

  /// Reads a key of a kind and strength that is good for tokens.
  ///
  /// @throws IllegalArgumentException with one sentence that names the setting, never its value
  public static TokenKey fromPem(String setting) {
    var pem = PEM.matcher(setting.strip().replace("\\r", "").replace("\\n", "\n"));
    if (!pem.find()) {
      throw new IllegalArgumentException(
          "JWT_PUBLIC_KEY must be a PEM block of a PUBLIC KEY or a CERTIFICATE, and none was found in it");
    }
    return TokenKey.of(decode(pem.group(1), pem.group(2).replaceAll("\\s", "")))
        .orElseThrow(() -> new IllegalArgumentException(UNUSABLE));
  }

  private static PublicKey decode(String kind, String base64) {
    try {
      byte[] der = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
      return kind.equals("CERTIFICATE")
          ? CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der))
              .getPublicKey()
          : anyKindOfKey(der);
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          "JWT_PUBLIC_KEY must be an RSA, EC or Ed25519 key in PEM, and this one cannot be read",
          unreadable);
    }
  }

  private static PublicKey anyKindOfKey(byte[] der) throws GeneralSecurityException {
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException _) {
        // Not this kind; the encoding names its own algorithm, so at most one fits.
      }
    }
    throw new GeneralSecurityException("neither RSA, EC nor Ed25519");
  }
}
