package io.verbatim.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.verbatim.tokens.KeySource;
import io.verbatim.tokens.testkit.ForgedTokens;
import io.verbatim.tokens.testkit.IssuerKey;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

  private static final JWTClaimsSet CLAIMS =
      new JWTClaimsSet.Builder().expirationTime(in(Duration.ofHours(1))).build();
  private static final IssuerKey ISSUER = IssuerKey.of("k", "RS256");
  private static final ForgedTokens FORGED = new ForgedTokens(ISSUER, CLAIMS.toString());

  @Test
  void scopesComeFromTextAndFromPermissions() {
    Viewer viewer =
        accepted(
            TestTokens.token(
                claims -> claims.claim("scope", "a  b").claim("permissions", List.of("c", "d"))));

    assertThat(viewer.scopes()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(viewer.tenant()).isNull();
  }

  @Test
  void tenantRestrictsWhatIsSeen() {
    Viewer viewer = accepted(TestTokens.agentOf("acme"));

    assertThat(viewer.sees("acme")).isTrue();
    assertThat(viewer.sees("globex")).isFalse();
  }

  @Test
  void expiredToken_isRefusedAfterAMinuteOfGrace() {
    assertThat(refusal(expiring(Duration.ofSeconds(-61)))).contains("expired");
    accepted(expiring(Duration.ofSeconds(-50)));
  }

  @Test
  void tokenWithoutExpiry_isRefused() {
    assertThat(refusal(TestTokens.token(claims -> claims.expirationTime(null)))).contains("exp");
  }

  @Test
  void tokenOfTomorrow_isRefused() {
    assertThat(refusal(TestTokens.token(claims -> claims.notBeforeTime(in(Duration.ofDays(1))))))
        .contains("nbf");
    accepted(TestTokens.token(claims -> claims.notBeforeTime(in(Duration.ofSeconds(50)))));
  }

  @Test
  void issuerAndAudience_areCheckedWhereSet() {
    TokenVerifier strict = verifier(TestTokens.publicKeyPem(), "https://id.example", "desk");
    UnaryOperator<JWTClaimsSet.Builder> right =
        claims -> claims.issuer("https://id.example").audience(List.of("other", "desk"));

    assertThat(verify(strict, TestTokens.token(right))).isInstanceOf(AuthResult.Accepted.class);
    assertThat(refusal(strict, TestTokens.token(claims -> claims.audience("desk"))))
        .contains("iss");
    assertThat(refusal(strict, TestTokens.token(c -> right.apply(c).audience("other"))))
        .contains("aud");
  }

  @Test
  void signatureOfAnotherKey_isRefused() {
    KeyPair other = TestTokens.pair("RSA", 2048);

    assertThat(refusal(TestTokens.signed(other, JWSAlgorithm.RS256, claims -> claims)))
        .contains("signature");
  }

  @Test
  void keyAndSignature_areToldApart() {
    TokenVerifier strangers =
        new TokenVerifier(KeySource.fixed(List.of()), null, null, InstantSource.system());
    TokenVerifier ours = verifier(ISSUER.pem(), null, null);

    assertThat(refusal(strangers, TestTokens.operator()))
        .isEqualTo("The token's key is none of the issuer's.");
    assertThat(refusal(ours, TestTokens.operator()))
        .isEqualTo("The token's signature does not hold.");
  }

  @Test
  void unsignedToken_isRefused() {
    assertThat(refusal(new PlainJWT(CLAIMS).serialize())).contains("not a signed JWT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HS256 with the public key    | algorithm",
        "HS512 with the public key    | algorithm",
        "none with a signature        | not a signed JWT",
        "ES512                        | algorithm",
        "an unknown algorithm         | algorithm",
        "a critical header            | signature",
        "a token within the token     | not a signed JWT",
        "claims that are a list       | not a signed JWT",
        "claims that were changed     | signature",
        "no signature                 | not a signed JWT",
        "over 8 KiB                   | longer",
        "encrypted                    | not a signed JWT",
      })
  void attack_isRefusedByItsName(String attack, String cause) {
    String token = FORGED.of(attack);

    assertThat(refusal(verifier(ISSUER.pem(), null, null), token))
        .contains(cause)
        .doesNotContain(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"
      })
  void keyFromPem_takesItsAlgorithms(String algorithm) {
    IssuerKey key = IssuerKey.of("k", algorithm);

    assertThat(verify(verifier(key.pem(), null, null), key.token(algorithm)))
        .isInstanceOf(AuthResult.Accepted.class);
  }

  @Test
  void refusal_neverRepeatsTheToken() {
    assertThat(refusal("eyJhbGciOiJub25l.secret.words")).doesNotContain("secret");
    assertThat(refusal("x".repeat(9000))).contains("longer");
  }

  @Test
  void keyMayBeEscapedAndQuoted() {
    String setting = "\"" + TestTokens.publicKeyPem().replace("\n", "\\n") + "\"";

    assertThat(verify(verifier(setting, null, null), TestTokens.operator()))
        .isInstanceOf(AuthResult.Accepted.class);
  }

  @Test
  void keyThatCannotBeUsed_isRefusedByName() {
    String weak = TestTokens.pem(TestTokens.pair("RSA", 1024).getPublic());

    String uncommon = IssuerKey.of("k", "ES512").pem();

    for (String setting :
        List.of("hello", weak, uncommon, TestTokens.publicKeyPem().replace("MII", "AAA"))) {
      assertThatThrownBy(() -> PublicKeys.fromPem(setting))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("JWT_PUBLIC_KEY must");
    }
  }

  private static String expiring(Duration when) {
    return TestTokens.token(claims -> claims.expirationTime(in(when)));
  }

  private static Date in(Duration when) {
    return Date.from(Instant.now().plus(when));
  }

  private static TokenVerifier verifier(
      String pem, @Nullable String issuer, @Nullable String audience) {
    return new TokenVerifier(
        KeySource.fixed(List.of(PublicKeys.fromPem(pem))),
        issuer,
        audience,
        InstantSource.system());
  }

  private static AuthResult verify(TokenVerifier verifier, String token) {
    return verifier.verify(token).toCompletableFuture().join();
  }

  private static Viewer accepted(String token) {
    AuthResult result = verify(verifier(TestTokens.publicKeyPem(), null, null), token);
    assertThat(result).isInstanceOf(AuthResult.Accepted.class);
    return ((AuthResult.Accepted) result).viewer();
  }

  private static String refusal(String token) {
    return refusal(verifier(TestTokens.publicKeyPem(), null, null), token);
  }

  private static String refusal(TokenVerifier verifier, String token) {
    AuthResult result = verify(verifier, token);
    assertThat(result).isInstanceOf(AuthResult.Rejected.class);
    return ((AuthResult.Rejected) result).cause();
  }
}
