package io.verbatim.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbatim.security.token.TokenVerifier.Verdict;
import io.verbatim.testkit.tokens.ForgedTokens;
import io.verbatim.testkit.tokens.IssuerKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final IssuerKey ISSUER = IssuerKey.of("k", "RS256");
  private static final String LASTING = "{\"exp\":" + in(3600) + "}";
  private static final ForgedTokens FORGED = new ForgedTokens(ISSUER, LASTING);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"
      })
  void key_acceptsItsAlgorithm(String algorithm) {
    IssuerKey key = IssuerKey.of("k", algorithm);

    assertThat(code(verifier(key), key.signed(header(algorithm), LASTING))).isEqualTo("valid");
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void forgedToken_isRejectedWithItsCode(String attack, String code) {
    assertThat(code(verifier(ISSUER), FORGED.of(attack))).isEqualTo(code);
  }

  static List<Object[]> attacks() {
    return ForgedTokens.table().toList();
  }

  @Test
  void algorithmOfAnotherKeyType_isRejected() {
    IssuerKey ec = IssuerKey.of("k", "ES256");

    assertThat(code(verifier(ISSUER), ec.signed(header("ES256"), LASTING)))
        .isEqualTo("bad_algorithm");
    assertThat(code(verifier(ec), ISSUER.signed(header("RS256"), LASTING)))
        .isEqualTo("bad_algorithm");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 64, 65, 4096})
  void signatureOfZeros_isRejected(int bytes) {
    IssuerKey ec = IssuerKey.of("k", "ES256");
    String signed = ec.signed(header("ES256"), LASTING);
    String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[bytes]);

    String forged = signed.substring(0, signed.lastIndexOf('.') + 1) + zeros;

    assertThat(code(verifier(ec), forged)).isIn("bad_signature", "malformed_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "....", "e30.e30.e30", "\u0000.\uffff.é", "{}"})
  void textThatIsNotAToken_isRejected(String token) {
    assertThat(code(verifier(ISSUER), token)).isIn("malformed_token", "unsigned_token");
  }

  @ParameterizedTest
  @CsvSource({"-59, valid", "-60, token_expired", "3600, valid"})
  void expiryUpToAMinuteAgo_isValid(long seconds, String code) {
    assertThat(code(verifier(ISSUER), signed("{\"exp\":" + in(seconds) + "}"))).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"60, valid", "61, token_not_yet_valid", "-1, valid"})
  void notBeforeUpToAMinuteAhead_isValid(long seconds, String code) {
    String token = signed("{\"exp\":" + in(3600) + ",\"nbf\":" + in(seconds) + "}");

    assertThat(code(verifier(ISSUER), token)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "'iss':'us','aud':'desk'                | valid",
        "'iss':'us','aud':['other','desk']      | valid",
        "'iss':'them','aud':'desk'              | bad_issuer",
        "'iss':'us/','aud':'desk'               | bad_issuer",
        "'iss':'US','aud':'desk'                | bad_issuer",
        "'aud':'desk'                           | bad_issuer",
        "'iss':'us','aud':'desktop'             | bad_audience",
        "'iss':'us','aud':[]                    | bad_audience",
        "'iss':'us'                             | bad_audience",
        "'iss':['us'],'aud':'desk'              | malformed_token",
      })
  void configuredIssuerAndAudience_areComparedExactly(String claims, String code) {
    TokenSettings settings = new TokenSettings(ISSUER.pem(), "", "", "", "us", "desk");
    String token = signed("{\"exp\":" + in(3600) + "," + claims.replace('\'', '"') + "}");

    assertThat(code(verifier(settings), token)).isEqualTo(code);
  }

  @Test
  void claims_areReadFromScopeAndPermissions() {
    TokenClaims claims =
        claims(
            "{\"exp\":%d,\"tenant_id\":\"t\",\"interaction_id\":\"i\",\"scope\":\" a  b\",\"permissions\":[\"c\"]}"
                .formatted(in(60)));

    assertThat(claims.tenantId()).contains("t");
    assertThat(claims.interactionId()).contains("i");
    assertThat(claims.scopes()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(claims.expiresAt()).isEqualTo(Instant.ofEpochSecond(in(60)));
  }

  @Test
  void tokenWithoutClaims_hasNoTenantCallOrScope() {
    TokenClaims claims = claims(LASTING);

    assertThat(claims.tenantId()).isEmpty();
    assertThat(claims.interactionId()).isEmpty();
    assertThat(claims.scopes()).isEmpty();
  }

  @Test
  void secondKeyMatches_tokenIsValid() {
    String other = IssuerKey.rsa("x", 2048).pem();
    KeySource keys = KeySource.fixed(PemPublicKey.parse(other + ISSUER.pem().replace("\n", "\\n")));

    assertThat(code(verifier(settings(ISSUER), keys), signed(LASTING))).isEqualTo("valid");
  }

  @Test
  void noKeys_keyIsUnknown() {
    KeySource none = KeySource.fixed(List.of());

    assertThat(code(verifier(settings(ISSUER), none), signed(LASTING))).isEqualTo("unknown_key");
  }

  @Test
  void pemFromEnvironmentVariable_isRead() {
    String pem = ISSUER.pem();
    List<String> shapes =
        List.of(
            pem.replace("\n", "\\n"),
            '"' + pem.replace("\n", "\\r\\n") + '"',
            "'" + pem.replaceAll("\\s+(?!KEY)", " ") + "'");

    assertThat(shapes)
        .allSatisfy(shape ->
            assertThat(
                    code(verifier(new TokenSettings(shape, "", "", "", "", "")), signed(LASTING)))
                .isEqualTo("valid"));
  }

  @Test
  void unusableKey_isRejectedWithTheSettingsName() {
    List<String> unusable =
        List.of(
            "hello",
            IssuerKey.rsa("k", 1024).pem(),
            IssuerKey.of("k", "ES512").pem(),
            ISSUER.pem().replace("MII", "AAA"),
            ISSUER.pem().replace("MII", "M~I"),
            ISSUER.pem().replace("PUBLIC", "PRIVATE"));

    assertThat(unusable)
        .allSatisfy(pem ->
            assertThatThrownBy(() -> new TokenSettings(pem, "", "", "", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JWT_PUBLIC_KEY must be a"));
  }

  private static long in(long seconds) {
    return NOW.plusSeconds(seconds).getEpochSecond();
  }

  private static String header(String algorithm) {
    return "{\"alg\":\"" + algorithm + "\"}";
  }

  private static String signed(String claims) {
    return ISSUER.signed(header("RS256"), claims);
  }

  private static TokenSettings settings(IssuerKey key) {
    return new TokenSettings(key.pem(), "", "", "", "", "");
  }

  private static TokenVerifier verifier(IssuerKey key) {
    return verifier(settings(key));
  }

  private static TokenVerifier verifier(TokenSettings settings) {
    return verifier(settings, KeySource.of(settings));
  }

  private static TokenVerifier verifier(TokenSettings settings, KeySource keys) {
    return new TokenVerifier(settings, keys, InstantSource.fixed(NOW));
  }

  private static Verdict verdict(TokenVerifier verifier, String token) {
    return verifier.verify(token).toCompletableFuture().join();
  }

  private static String code(TokenVerifier verifier, String token) {
    return switch (verdict(verifier, token)) {
      case Verdict.Valid _ -> "valid";
      case Verdict.Invalid(TokenFault fault) -> fault.code();
    };
  }

  private static TokenClaims claims(String claims) {
    return verdict(verifier(ISSUER), signed(claims)) instanceof Verdict.Valid(TokenClaims read)
        ? read
        : Optional.<TokenClaims>empty().orElseThrow();
  }
}
