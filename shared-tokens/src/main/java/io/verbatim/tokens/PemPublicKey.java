package io.verbatim.tokens;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a public key in PEM form as people put it into an environment variable: with line breaks,
/// with `\n` in their place, in quotes, or all on one line.
final class PemPublicKey {
  private static final String USABLE =
      "must be an RSA key of at least 2048 bits, an EC key of P-256 or P-384, or an Ed25519 key";
  private static final List<String> KINDS = List.of("RSA", "EC", "Ed25519");

  /// Twice the longest certificate there is any use for; the search below is no search in a book.
  private static final int LONGEST = 16 * 1024;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----(.+?)-----END \\1-----", Pattern.DOTALL);

  private PemPublicKey() {}

  /// Reads a key of a kind and strength that is good for tokens, from a key or a certificate.
  ///
  /// @throws IllegalArgumentException with what is wrong, as the end of a sentence about the
  ///   setting
  static TokenKey parse(String text) {
    Matcher block = BLOCK.matcher(text.replace("\\r", "").replace("\\n", "\n"));
    if (text.length() > LONGEST || !block.find()) {
      throw new IllegalArgumentException(
          "must be a public key in PEM form (-----BEGIN PUBLIC KEY-----)");
    }
    if (block.group(1).contains("PRIVATE")) {
      throw new IllegalArgumentException("must be a public key, but is a private one");
    }
    try {
      byte[] der = decode(block.group(2).replaceAll("\\s", ""));
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
      throw new IllegalArgumentException(USABLE, e);
    }
  }

  private static byte[] decode(String base64) throws GeneralSecurityException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException unreadable) {
      throw new GeneralSecurityException(unreadable);
    }
  }

  /// The encoding names its own kind, so at most one fits.
  private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException _) {
        // Not of this kind.
      }
    }
    throw new GeneralSecurityException("neither RSA, EC nor Ed25519");
  }

  private static TokenKey checked(PublicKey key) {
    return TokenKey.of(key).orElseThrow(() -> new IllegalArgumentException(USABLE));
  }
}
