package io.verbatim.tokens.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Tokens that must not be taken, each by the name of its trick.
///
/// @param issuer an RSA key whose own tokens are taken
/// @param claims a flat JSON object that would be good enough, with an `exp`
public record ForgedTokens(IssuerKey issuer, String claims) {
  private static final int LONGEST = 8192;
  private static final int DEEP = 2000;
  private static final IssuerKey STRANGER = IssuerKey.rsa("stranger", 2048);
  private static final String ELSEWHERE = "http://127.0.0.1:9/keys";

  /// Every trick, and the code it is refused with at both doors.
  public static Map<String, String> tricks() {
    Map<String, String> tricks = new LinkedHashMap<>();
    tricks.put("HS256 with the public key", "bad_algorithm");
    tricks.put("HS512 with the public key", "bad_algorithm");
    tricks.put("none", "unsigned_token");
    tricks.put("none with a signature", "malformed_token");
    tricks.put("nOnE", "bad_algorithm");
    tricks.put("ES512", "bad_algorithm");
    tricks.put("ES256K", "bad_algorithm");
    tricks.put("an algorithm of another kind of key", "bad_algorithm");
    tricks.put("an unknown algorithm", "bad_algorithm");
    tricks.put("two algorithms", "malformed_token");
    tricks.put("no algorithm", "malformed_token");
    tricks.put("a stranger's key", "bad_signature");
    tricks.put("a stranger's key in jwk", "bad_signature");
    tricks.put("a stranger's keys at jku", "bad_signature");
    tricks.put("a stranger's certificate at x5u", "bad_signature");
    tricks.put("a critical header", "bad_signature");
    tricks.put("a critical b64", "bad_signature");
    tricks.put("b64 without crit", "bad_signature");
    tricks.put("a token within the token", "malformed_token");
    tricks.put("claims that are a list", "malformed_token");
    tricks.put("claims that are no JSON", "malformed_token");
    tricks.put("claims nested thousands deep", "malformed_token");
    tricks.put("a header nested thousands deep", "malformed_token");
    tricks.put("claims that were changed", "bad_signature");
    tricks.put("no signature", "malformed_token");
    tricks.put("a signature cut short", "bad_signature");
    tricks.put("four parts", "malformed_token");
    tricks.put("over 8 KiB", "token_too_long");
    tricks.put("encrypted", "unsigned_token");
    tricks.put("no expiry", "no_expiry");
    tricks.put("expired", "token_expired");
    tricks.put("an expiry beyond all numbers", "token_expired");
    tricks.put("an expiry in words", "malformed_token");
    tricks.put("not valid yet", "token_not_yet_valid");
    tricks.put("a tenant that is a list", "malformed_token");
    tricks.put("a scope that is a number", "malformed_token");
    return tricks;
  }

  /// Every trick with its code, as arguments of a test.
  public static Stream<Object[]> table() {
    return tricks().entrySet().stream()
        .map(trick -> new Object[] {trick.getKey(), trick.getValue()});
  }

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
      case "none" -> base64(header("none")) + "." + parts[1] + ".";
      case "none with a signature" -> reheaded(header("none"), parts);
      case "nOnE" -> reheaded(header("nOnE"), parts);
      case "ES512" -> reheaded(header("ES512"), parts);
      case "ES256K" -> reheaded(header("ES256K"), parts);
      case "an algorithm of another kind of key" -> reheaded(header("ES256"), parts);
      case "an unknown algorithm" -> reheaded(header("XX1"), parts);
      case "two algorithms" -> reheaded("{\"alg\":\"none\",\"alg\":\"RS256\"}", parts);
      case "no algorithm" -> reheaded("{\"typ\":\"JWT\"}", parts);
      case "a stranger's key" -> STRANGER.signed(rs256, claims);
      case "a stranger's key in jwk" ->
          STRANGER.signed(with(rs256, "\"jwk\":" + STRANGER.jwk().toJSONString()), claims);
      case "a stranger's keys at jku" ->
          STRANGER.signed(with(rs256, "\"jku\":\"" + ELSEWHERE + "\""), claims);
      case "a stranger's certificate at x5u" ->
          STRANGER.signed(with(rs256, "\"x5u\":\"" + ELSEWHERE + "\""), claims);
      case "a critical header" -> issuer.signed(with(rs256, "\"crit\":[\"x\"],\"x\":1"), claims);
      case "a critical b64" ->
          issuer.signed(with(rs256, "\"crit\":[\"b64\"],\"b64\":false"), claims);
      case "b64 without crit" -> issuer.signed(with(rs256, "\"b64\":false"), claims);
      case "a token within the token" -> issuer.signed(with(rs256, "\"cty\":\"JWT\""), good);
      case "claims that are a list" -> issuer.signed(rs256, "[" + claims + "]");
      case "claims that are no JSON" -> issuer.signed(rs256, "\u0000\u00ff{");
      case "claims nested thousands deep" -> issuer.signed(rs256, with(claims, nested()));
      case "a header nested thousands deep" -> reheaded(with(rs256, nested()), parts);
      case "claims that were changed" ->
          parts[0] + "." + base64(with(claims, "\"a\":1")) + "." + parts[2];
      case "no signature" -> parts[0] + "." + parts[1] + ".";
      case "a signature cut short" -> parts[0] + "." + parts[1] + "." + parts[2].substring(0, 4);
      case "four parts" -> good + ".AA";
      case "over 8 KiB" ->
          issuer.signed(rs256, with(claims, "\"a\":\"" + "x".repeat(LONGEST) + "\""));
      case "encrypted" -> base64("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\"}") + ".AA.AA.AA.AA";
      case "no expiry" -> issuer.signed(rs256, claims.replace("\"exp\"", "\"exq\""));
      case "expired" -> issuer.signed(rs256, expiring("1"));
      case "an expiry beyond all numbers" -> issuer.signed(rs256, expiring("1e300"));
      case "an expiry in words" -> issuer.signed(rs256, expiring("\"tomorrow\""));
      case "not valid yet" -> issuer.signed(rs256, with(claims, "\"nbf\":4102444800"));
      case "a tenant that is a list" ->
          issuer.signed(rs256, with(claims, "\"tenant_id\":[\"acme\",\"globex\"]"));
      case "a scope that is a number" -> issuer.signed(rs256, with(claims, "\"scope\":1"));
      default -> throw new IllegalArgumentException(trick);
    };
  }

  private String expiring(String exp) {
    return claims.replaceFirst("\"exp\":\\d+", "\"exp\":" + exp);
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

  private static String reheaded(String header, String[] parts) {
    return base64(header) + "." + parts[1] + "." + parts[2];
  }

  private static String with(String object, String member) {
    return object.substring(0, object.lastIndexOf('}')) + "," + member + "}";
  }

  private static String nested() {
    return "\"a\":" + "[".repeat(DEEP) + "]".repeat(DEEP);
  }

  private static String header(String algorithm) {
    return "{\"alg\":\"" + algorithm + "\"}";
  }

  private static String base64(String text) {
    return Base64URL.encode(text.getBytes(UTF_8)).toString();
  }
}
