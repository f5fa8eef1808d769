package io.verbatim.ingest.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.verbatim.ingest.auth.JwtVerifier.Verdict;
import io.verbatim.ingest.testkit.Tokens;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtVerifierTest {
  private static final Tokens TOKENS = new Tokens();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void rsaKey_takesEveryRsaAlgorithm(String algorithm) {
    String token = TOKENS.token(JWSAlgorithm.parse(algorithm), JwtVerifierTest::valid);

    assertThat(code(verifier(rsa()), token)).isEqualTo("valid");
  }

  @ParameterizedTest
  @CsvSource({"secp256r1, ES256", "secp384r1, ES384"})
  void ecKey_takesTheAlgorithmOfItsCurve(String curve, String algorithm) throws Exception {
    KeyPair pair = ec(curve);

    assertThat(code(verifier(pair.getPublic()), signed(algorithm, ecSigner(pair))))
        .isEqualTo("valid");
  }

  @Test
  void keyOfAnotherKind_refusesTheAlgorithm() throws Exception {
    KeyPair pair = ec("secp256r1");

    assertThat(code(verifier(rsa()), signed("ES256", ecSigner(pair)))).isEqualTo("bad_algorithm");
    assertThat(code(verifier(pair.getPublic()), TOKENS.token(JWSAlgorithm.RS256, c -> valid(c))))
        .isEqualTo("bad_algorithm");
  }

  @Test
  void publicKey_isNoHmacSecret() throws Exception {
    JWSSigner hmac = new MACSigner(rsa().getEncoded());

    assertThat(code(verifier(rsa()), signed("HS256", hmac))).isEqualTo("bad_algorithm");
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
    List<PublicKey> keys = List.of(PemPublicKey.parse(new Tokens().publicKeyPem()), rsa());

    assertThat(code(verifier(keys), TOKENS.token(JWSAlgorithm.RS256, c -> valid(c))))
        .isEqualTo("valid");
  }

  @Test
  void pem_isReadAsEnvironmentsHoldIt() {
    String pem = TOKENS.publicKeyPem();

    assertThat(PemPublicKey.parse(pem.replace("\n", "\\n"))).isEqualTo(rsa());
    assertThat(PemPublicKey.parse('"' + pem.replace("\r\n", "\\n").replace("\n", "\\n") + '"'))
        .isEqualTo(rsa());
    assertThat(PemPublicKey.parse("'" + pem.replaceAll("\\s+(?!KEY)", " ") + "'")).isEqualTo(rsa());
  }

  private static Date in(long seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  private static JWTClaimsSet.Builder valid(JWTClaimsSet.Builder claims) {
    return claims.expirationTime(in(3600));
  }

  private static PublicKey rsa() {
    return PemPublicKey.parse(TOKENS.publicKeyPem());
  }

  private static KeyPair ec(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    PemPublicKey.parse(Tokens.pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    return pair;
  }

  private static JWSSigner ecSigner(KeyPair pair) throws JOSEException {
    return new ECDSASigner((ECPrivateKey) pair.getPrivate());
  }

  private static String signed(String algorithm, JWSSigner signer) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.parse(algorithm)),
            valid(new JWTClaimsSet.Builder()).build());
    token.sign(signer);
    return token.serialize();
  }

  private static JwtVerifier verifier(PublicKey key) {
    return verifier(List.of(key));
  }

  private static JwtVerifier verifier(List<PublicKey> keys) {
    return new JwtVerifier(
        _ -> CompletableFuture.completedFuture(keys),
        Optional.empty(),
        Optional.empty(),
        InstantSource.fixed(NOW));
  }

  private static String code(JwtVerifier verifier, String token) {
    return switch (verifier.verify(token).toCompletableFuture().join()) {
      case Verdict.Valid _ -> "valid";
      case Verdict.Invalid(AuthResult.Rejected rejected) -> rejected.code();
    };
  }
}
