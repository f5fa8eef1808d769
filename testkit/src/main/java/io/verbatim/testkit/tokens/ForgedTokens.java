package io.verbatim.testkit.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Tokens that must be rejected, by the name of the attack.
///
/// @param issuer an RSA key whose tokens are accepted
/// @param claims a flat JSON object of acceptable claims, with an `exp`
public record ForgedTokens(IssuerKey issuer, String claims) {
  private static final int MAX_TOKEN_CHARS = 8192;
  private static final int NESTING = 2000;
  private static final IssuerKey OTHER_ISSUER = IssuerKey.rsa("other", 2048);
  private static final String OTHER_KEY_URL = "http://127.0.0.1:9/keys";

  /// Every attack, and the code both services reject it with.
  private static Map<String, String> attacks() {
    Map<String, String> attacks = new LinkedHashMap<>();
    attacks.put("HS256 with the public key", "bad_algorithm");
    attacks.put("HS512 with the public key", "bad_algorithm");
    attacks.put("none", "unsigned_token");
    attacks.put("none with a signature", "malformed_token");
    attacks.put("nOnE", "bad_algorithm");
    attacks.put("ES512", "bad_algorithm");
    attacks.put("ES256K", "bad_algorithm");
    attacks.put("an algorithm of another kind of key", "bad_algorithm");
    attacks.put("an unknown algorithm", "bad_algorithm");
    attacks.put("two algorithms", "malformed_token");
    attacks.put("no algorithm", "malformed_token");
    attacks.put("another issuer's key", "bad_signature");
    attacks.put("another issuer's key in jwk", "bad_signature");
    attacks.put("another issuer's keys at jku", "bad_signature");
    attacks.put("another issuer's certificate at x5u", "bad_signature");
    attacks.put("a critical header", "bad_signature");
    attacks.put("a critical b64", "bad_signature");
    attacks.put("b64 without crit", "bad_signature");
    attacks.put("a nested token", "malformed_token");
    attacks.put("claims that are a list", "malformed_token");
    attacks.put("claims that are not JSON", "malformed_token");
    attacks.put("claims nested thousands deep", "malformed_token");
    attacks.put("a header nested thousands deep", "malformed_token");
    attacks.put("claims that were changed", "bad_signature");
    attacks.put("no signature", "malformed_token");
    attacks.put("a signature cut short", "bad_signature");
    attacks.put("four parts", "malformed_token");
    attacks.put("over 8 KiB", "token_too_long");
    attacks.put("encrypted", "unsigned_token");
    attacks.put("no expiry", "no_expiry");
    attacks.put("expired", "token_expired");
    attacks.put("an expiry of 1e300", "token_expired");
    attacks.put("an expiry that is text", "malformed_token");
    attacks.put("not valid yet", "token_not_yet_valid");
    attacks.put("a tenant that is a list", "malformed_token");
    attacks.put("a scope that is a number", "malformed_token");
    return attacks;
  }

  /// Every attack with its code, as arguments of a test.
  public static Stream<Object[]> table() {
    return attacks().entrySet().stream()
        .map(attack -> new Object[] {attack.getKey(), attack.getValue()});
  }

  /// Returns the forged token of this attack.
  ///
  /// @throws IllegalArgumentException if the attack is unknown
  public String of(String attack) {
    String rs256 = header("RS256");
    String good = issuer.signed(rs256, claims);
    String[] parts = good.split("\\.", -1);
    return switch (attack) {
      case "HS256 with the public key" -> signedWithSecret("HS256", issuer.pem().getBytes(UTF_8));
      case "HS512 with the public key" ->
          signedWithSecret("HS512", issuer.pair().getPublic().getEncoded());
      case "none" -> base64(header("none")) + "." + parts[1] + ".";
      case "none with a signature" -> withHeader(header("none"), parts);
      case "nOnE" -> withHeader(header("nOnE"), parts);
      case "ES512" -> withHeader(header("ES512"), parts);
      case "ES256K" -> withHeader(header("ES256K"), parts);
      case "an algorithm of another kind of key" -> withHeader(header("ES256"), parts);
      case "an unknown algorithm" -> withHeader(header("XX1"), parts);
      case "two algorithms" -> withHeader("{\"alg\":\"none\",\"alg\":\"RS256\"}", parts);
      case "no algorithm" -> withHeader("{\"typ\":\"JWT\"}", parts);
      case "another issuer's key" -> OTHER_ISSUER.signed(rs256, claims);
      case "another issuer's key in jwk" ->
          OTHER_ISSUER.signed(with(rs256, "\"jwk\":" + OTHER_ISSUER.jwk().toJSONString()), claims);
      case "another issuer's keys at jku" ->
          OTHER_ISSUER.signed(with(rs256, "\"jku\":\"" + OTHER_KEY_URL + "\""), claims);
      case "another issuer's certificate at x5u" ->
          OTHER_ISSUER.signed(with(rs256, "\"x5u\":\"" + OTHER_KEY_URL + "\""), claims);
      case "a critical header" -> issuer.signed(with(rs256, "\"crit\":[\"x\"],\"x\":1"), claims);
      case "a critical b64" ->
          issuer.signed(with(rs256, "\"crit\":[\"b64\"],\"b64\":false"), claims);
      case "b64 without crit" -> issuer.signed(with(rs256, "\"b64\":false"), claims);
      case "a nested token" -> issuer.signed(with(rs256, "\"cty\":\"JWT\""), good);
      case "claims that are a list" -> issuer.signed(rs256, "[" + claims + "]");
      case "claims that are not JSON" -> issuer.signed(rs256, "\u0000\u00ff{");
      case "claims nested thousands deep" -> issuer.signed(rs256, with(claims, nested()));
      case "a header nested thousands deep" -> withHeader(with(rs256, nested()), parts);
      case "claims that were changed" ->
          parts[0] + "." + base64(with(claims, "\"a\":1")) + "." + parts[2];
      case "no signature" -> parts[0] + "." + parts[1] + ".";
      case "a signature cut short" -> parts[0] + "." + parts[1] + "." + parts[2].substring(0, 4);
      case "four parts" -> good + ".AA";
      case "over 8 KiB" ->
          issuer.signed(rs256, with(claims, "\"a\":\"" + "x".repeat(MAX_TOKEN_CHARS) + "\""));
      case "encrypted" -> base64("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\"}") + ".AA.AA.AA.AA";
      case "no expiry" -> issuer.signed(rs256, claims.replace("\"exp\"", "\"exq\""));
      case "expired" -> issuer.signed(rs256, expiring("1"));
      case "an expiry of 1e300" -> issuer.signed(rs256, expiring("1e300"));
      case "an expiry that is text" -> issuer.signed(rs256, expiring("\"tomorrow\""));
      case "not valid yet" -> issuer.signed(rs256, with(claims, "\"nbf\":4102444800"));
      case "a tenant that is a list" ->
          issuer.signed(rs256, with(claims, "\"tenant_id\":[\"acme\",\"globex\"]"));
      case "a scope that is a number" -> issuer.signed(rs256, with(claims, "\"scope\":1"));
      default -> throw new IllegalArgumentException("unknown attack: " + attack);
    };
  }

  private String expiring(String exp) {
    return claims.replaceFirst("\"exp\":\\d+", "\"exp\":" + exp);
  }

  private String signedWithSecret(String algorithm, byte[] secret) {
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

  private static String withHeader(String header, String[] parts) {
    return base64(header) + "." + parts[1] + "." + parts[2];
  }

  private static String with(String object, String member) {
    return object.substring(0, object.lastIndexOf('}')) + "," + member + "}";
  }

  private static String nested() {
    return "\"a\":" + "[".repeat(NESTING) + "]".repeat(NESTING);
  }

  private static String header(String algorithm) {
    return "{\"alg\":\"" + algorithm + "\"}";
  }

  private static String base64(String text) {
    return Base64URL.encode(text.getBytes(UTF_8)).toString();
  }
}
