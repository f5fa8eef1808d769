package io.verbatim.ingest.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.verbatim.ingest.auth.JwtVerifier.Verdict;
import io.verbatim.ingest.testkit.Tokens;
import io.verbatim.tokens.KeySource;
import io.verbatim.tokens.TokenKey;
import io.verbatim.tokens.testkit.ForgedTokens;
import io.verbatim.tokens.testkit.IssuerKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtVerifierTest {
  private static final Tokens TOKENS = new Tokens();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final IssuerKey ISSUER = IssuerKey.of("k", "RS256");
  private static final String LASTING = "{\"exp\":" + NOW.plusSeconds(3600).getEpochSecond() + "}";
  private static final ForgedTokens FORGED = new ForgedTokens(ISSUER, LASTING);

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void rsaKey_takesEveryRsaAlgorithm(String algorithm) {
    String token = TOKENS.token(JWSAlgorithm.parse(algorithm), JwtVerifierTest::valid);

    assertThat(code(verifier(rsa()), token)).isEqualTo("valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "ES384", "EdDSA", "Ed25519"})
  void otherKey_takesTheAlgorithmOfItsCurve(String algorithm) {
    IssuerKey key = IssuerKey.of("k", algorithm);

    assertThat(code(verifier(key), key.signed(header(algorithm), LASTING))).isEqualTo("valid");
  }

  @ParameterizedTest
  @ValueSource(strings = "ES512")
  void weakOrUncommonKey_isNoKeyForTokens(String algorithm) {
    String pem = IssuerKey.of("k", algorithm).pem();

    assertThatThrownBy(() -> PemPublicKey.parse(pem)).hasMessageContaining("P-256 or P-384");
    assertThatThrownBy(() -> PemPublicKey.parse(IssuerKey.rsa("k", 1024).pem()))
        .hasMessageContaining("2048 bits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HS256 with the public key    | bad_algorithm",
        "HS512 with the public key    | bad_algorithm",
        "none with a signature        | malformed_token",
        "ES512                        | bad_algorithm",
        "an unknown algorithm         | bad_algorithm",
        "a critical header            | bad_signature",
        "a token within the token     | malformed_token",
        "claims that are a list       | malformed_token",
        "claims that were changed     | bad_signature",
        "no signature                 | malformed_token",
        "over 8 KiB                   | token_too_long",
        "encrypted                    | unsigned_token",
      })
  void attack_isRefusedByItsName(String attack, String code) {
    assertThat(code(verifier(ISSUER), FORGED.of(attack))).isEqualTo(code);
  }

  @Test
  void keyOfAnotherKind_refusesTheAlgorithm() {
    IssuerKey ec = IssuerKey.of("k", "ES256");

    assertThat(code(verifier(rsa()), ec.signed(header("ES256"), LASTING)))
        .isEqualTo("bad_algorithm");
    assertThat(code(verifier(ec), TOKENS.token(JWSAlgorithm.RS256, c -> valid(c))))
        .isEqualTo("bad_algorithm");
  }

  @Test
  void unsignedToken_isRefused() {
    String token = new PlainJWT(valid(new JWTClaimsSet.Builder()).build()).serialize();

    assertThat(code(verifier(rsa()), token)).isEqualTo("unsigned_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "....", "e30.e30.e30"})
  void tokenThatIsNone_isRefused(String token) {
    assertThat(code(verifier(rsa()), token)).isIn("malformed_token", "unsigned_token");
  }

  @ParameterizedTest
  @CsvSource({"-59, valid", "-61, token_expired", "3600, valid"})
  void expiry_mayBeAMinuteAgo(long seconds, String code) {
    String token = TOKENS.token(JWSAlgorithm.RS256, claims -> claims.expirationTime(in(seconds)));

    assertThat(code(verifier(rsa()), token)).isEqualTo(code);
  }

  @Test
  void expiry_mustBeThere() {
    String token = TOKENS.token(JWSAlgorithm.RS256, claims -> claims.expirationTime(null));

    assertThat(code(verifier(rsa()), token)).isEqualTo("no_expiry");
  }

  @ParameterizedTest
  @CsvSource({"59, valid", "61, token_not_yet_valid"})
  void notBefore_mayBeAMinuteAhead(long seconds, String code) {
    String token =
        TOKENS.token(JWSAlgorithm.RS256, claims -> valid(claims).notBeforeTime(in(seconds)));

    assertThat(code(verifier(rsa()), token)).isEqualTo(code);
  }

  @Test
  void severalKeys_areAllTried() {
    List<TokenKey> keys = List.of(PemPublicKey.parse(new Tokens().publicKeyPem()), rsa());

    assertThat(code(verifier(keys), TOKENS.token(JWSAlgorithm.RS256, c -> valid(c))))
        .isEqualTo("valid");
  }

  @Test
  void pem_isReadAsEnvironmentsHoldIt() {
    String pem = TOKENS.publicKeyPem();
    List<String> shapes =
        List.of(
            pem.replace("\n", "\\n"),
            '"' + pem.replace("\r\n", "\\n").replace("\n", "\\n") + '"',
            "'" + pem.replaceAll("\\s+(?!KEY)", " ") + "'");

    assertThat(shapes)
        .allSatisfy(shape ->
            assertThat(
                    code(
                        verifier(List.of(PemPublicKey.parse(shape))),
                        TOKENS.token(JWSAlgorithm.RS256, c -> valid(c))))
                .isEqualTo("valid"));
  }

  private static Date in(long seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  private static JWTClaimsSet.Builder valid(JWTClaimsSet.Builder claims) {
    return claims.expirationTime(in(3600));
  }

  private static TokenKey rsa() {
    return PemPublicKey.parse(TOKENS.publicKeyPem());
  }

  private static String header(String algorithm) {
    return "{\"alg\":\"" + algorithm + "\"}";
  }

  private static JwtVerifier verifier(IssuerKey key) {
    return verifier(List.of(PemPublicKey.parse(key.pem())));
  }

  private static JwtVerifier verifier(TokenKey key) {
    return verifier(List.of(key));
  }

  private static JwtVerifier verifier(List<TokenKey> keys) {
    return new JwtVerifier(
        KeySource.fixed(keys), Optional.empty(), Optional.empty(), InstantSource.fixed(NOW));
  }

  private static String code(JwtVerifier verifier, String token) {
    return switch (verifier.verify(token).toCompletableFuture().join()) {
      case Verdict.Valid _ -> "valid";
      case Verdict.Invalid(AuthResult.Rejected rejected) -> rejected.code();
    };
  }
}
