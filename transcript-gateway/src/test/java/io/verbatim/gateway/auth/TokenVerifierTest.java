package io.verbatim.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {

  private static final JWTClaimsSet LASTING =
      new JWTClaimsSet.Builder().expirationTime(in(Duration.ofHours(1))).build();

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

    assertThat(strict.verify(TestTokens.token(right))).isInstanceOf(AuthResult.Accepted.class);
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
  void unsignedToken_isRefused() {
    assertThat(refusal(new PlainJWT(LASTING).serialize())).contains("not a signed JWT");
  }

  @Test
  void publicKeyTakenForASecret_isRefused() throws JOSEException {
    SignedJWT forged = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), LASTING);
    forged.sign(new MACSigner(TestTokens.publicKeyPem().getBytes(StandardCharsets.UTF_8)));

    assertThat(refusal(forged.serialize())).contains("signature");
  }

  @Test
  void refusal_neverRepeatsTheToken() {
    assertThat(refusal("eyJhbGciOiJub25l.secret.words")).doesNotContain("secret");
    assertThat(refusal("x".repeat(9000))).contains("longer");
  }

  @Test
  void ellipticKey_isUnderstood() throws JOSEException {
    KeyPair pair = TestTokens.pair("EC", 256);
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), LASTING);
    jwt.sign(new ECDSASigner((ECPrivateKey) pair.getPrivate()));

    assertThat(verifier(TestTokens.pem(pair.getPublic()), null, null).verify(jwt.serialize()))
        .isInstanceOf(AuthResult.Accepted.class);
  }

  @Test
  void edwardsKey_isUnderstood() throws GeneralSecurityException {
    KeyPair pair = TestTokens.pair("Ed25519", 0);
    String input = base64("{\"alg\":\"EdDSA\"}") + "." + base64(LASTING.toString());
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(input.getBytes(StandardCharsets.US_ASCII));
    String token = input + "." + base64(signer.sign());
    TokenVerifier verifier = verifier(TestTokens.pem(pair.getPublic()), null, null);

    assertThat(verifier.verify(token)).isInstanceOf(AuthResult.Accepted.class);
    assertThat(refusal(verifier, TestTokens.operator())).contains("signature");
  }

  @Test
  void keyMayBeEscapedAndQuoted() {
    String setting = "\"" + TestTokens.publicKeyPem().replace("\n", "\\n") + "\"";

    assertThat(verifier(setting, null, null).verify(TestTokens.operator()))
        .isInstanceOf(AuthResult.Accepted.class);
  }

  @Test
  void keyThatCannotBeUsed_isRefusedByName() {
    String weak = TestTokens.pem(TestTokens.pair("RSA", 1024).getPublic());

    for (String setting : List.of("hello", weak, TestTokens.publicKeyPem().replace("MII", "AAA"))) {
      assertThatThrownBy(() -> verifier(setting, null, null))
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

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static TokenVerifier verifier(
      String pem, @Nullable String issuer, @Nullable String audience) {
    return new TokenVerifier(pem, issuer, audience, InstantSource.system());
  }

  private static Viewer accepted(String token) {
    AuthResult result = verifier(TestTokens.publicKeyPem(), null, null).verify(token);
    assertThat(result).isInstanceOf(AuthResult.Accepted.class);
    return ((AuthResult.Accepted) result).viewer();
  }

  private static String refusal(String token) {
    return refusal(verifier(TestTokens.publicKeyPem(), null, null), token);
  }

  private static String refusal(TokenVerifier verifier, String token) {
    AuthResult result = verifier.verify(token);
    assertThat(result).isInstanceOf(AuthResult.Rejected.class);
    return ((AuthResult.Rejected) result).cause();
  }
}
