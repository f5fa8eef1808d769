package io.verbatim.tokens.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;

/// Tokens that must not be taken, each by the name of its trick.
///
/// @param issuer an RSA key whose own tokens are taken
/// @param claims a JSON object that would be good enough
public record ForgedTokens(IssuerKey issuer, String claims) {
  private static final int LONGEST = 8192;

  /// The forged token of this name.
  ///
  /// @throws IllegalArgumentException where there is no such trick
  public String of(String trick) {
    String rs256 = header("RS256");
    String good = issuer.signed(rs256, claims);
    String[] parts = good.split("\\.", -1);
    return switch (trick) {
      case "HS256 with the public key" -> withSecret("HS256", issuer.pem().getBytes(UTF_8));
      case "HS512 with the public key" ->
          withSecret("HS512", issuer.pair().getPublic().getEncoded());
      case "none with a signature" -> base64(header("none")) + "." + parts[1] + "." + parts[2];
      case "ES512" -> base64(header("ES512")) + "." + parts[1] + "." + parts[2];
      case "an unknown algorithm" -> base64(header("XX1")) + "." + parts[1] + "." + parts[2];
      case "a critical header" ->
          issuer.signed("{\"alg\":\"RS256\",\"crit\":[\"x\"],\"x\":1}", claims);
      case "a token within the token" -> issuer.signed("{\"alg\":\"RS256\",\"cty\":\"JWT\"}", good);
      case "claims that are a list" -> issuer.signed(rs256, "[" + claims + "]");
      case "claims that were changed" ->
          parts[0] + "." + base64(claims.replace("}", ",\"a\":1}")) + "." + parts[2];
      case "no signature" -> parts[0] + "." + parts[1] + ".";
      case "over 8 KiB" ->
          issuer.signed(rs256, claims.replace("}", ",\"a\":\"" + "x".repeat(LONGEST) + "\"}"));
      case "encrypted" -> base64("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\"}") + ".AA.AA.AA.AA";
      default -> throw new IllegalArgumentException(trick);
    };
  }

  private String withSecret(String algorithm, byte[] secret) {
    String input = base64(header(algorithm)) + "." + base64(claims);
    try {
      return input
          + "."
          + new MACSigner(secret)
              .sign(new JWSHeader(JWSAlgorithm.parse(algorithm)), input.getBytes(UTF_8));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String header(String algorithm) {
    return "{\"alg\":\"" + algorithm + "\"}";
  }

  private static String base64(String text) {
    return Base64URL.encode(text.getBytes(UTF_8)).toString();
  }
}
