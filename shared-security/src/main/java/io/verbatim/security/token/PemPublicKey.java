package io.verbatim.security.token;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads public keys in PEM form from an environment variable: with line breaks, with `\n` escapes
/// instead of them, in quotes, or on one line; several one after another while keys rotate.
final class PemPublicKey {
  private static final String REQUIREMENT =
      "must be an RSA key of at least 2048 bits, an EC key of P-256 or P-384, or an Ed25519 key";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

  private static final int MAX_KEYS = 8;

  /// Twice the longest certificate in use, for each key. Bounds the search for the PEM markers.
  private static final int MAX_CHARS = MAX_KEYS * 16 * 1024;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----(.+?)-----END \\1-----", Pattern.DOTALL);

  private PemPublicKey() {}

  /// Reads each PEM key or certificate of the text: at least one, at most 8.
  ///
  /// @throws IllegalArgumentException if there is none, or if the type or size of one is not
  ///   supported; the message continues a sentence that starts with the setting's name
  static List<TokenKey> parse(String text) {
    List<TokenKey> keys = new ArrayList<>();
    if (text.length() <= MAX_CHARS) {
      Matcher block = BLOCK.matcher(text.replace("\\r", "").replace("\\n", "\n"));
      while (block.find()) {
        keys.add(key(block));
      }
    }
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "must be a public key in PEM form (-----BEGIN PUBLIC KEY-----), or up to 8 of them");
    }
    return keys;
  }

  private static TokenKey key(MatchResult block) {
    if (block.group(1).contains("PRIVATE")) {
      throw new IllegalArgumentException("must be a public key, but is a private key");
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
      throw new IllegalArgumentException(REQUIREMENT, e);
    }
  }

  private static byte[] decode(String base64) throws GeneralSecurityException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException unreadable) {
      throw new GeneralSecurityException(unreadable);
    }
  }

  /// The encoding contains the algorithm, so at most one key factory accepts it.
  private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException _) {
        // Not a key of this algorithm.
      }
    }
    throw new GeneralSecurityException("neither RSA, EC nor Ed25519");
  }

  private static TokenKey checked(PublicKey key) {
    return TokenKey.of(key).orElseThrow(() -> new IllegalArgumentException(REQUIREMENT));
  }
}
