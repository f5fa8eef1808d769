package io.verbatim.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import io.verbatim.tokens.RemoteKeys.Times;
import io.verbatim.tokens.testkit.IssuerKey;
import io.verbatim.tokens.testkit.IssuerServer;
import io.verbatim.tokens.testkit.SelfSigned;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys that an issuer publishes, fetched over HTTP.
class RemoteKeysTest {
  private static final IssuerKey FIRST = IssuerKey.of("first", "RS256");
  private static final IssuerKey SECOND = IssuerKey.of("second", "ES256");
  private static final Times SHORT =
      new Times(
          Duration.ofMillis(300),
          Duration.ZERO,
          Duration.ofMillis(250),
          Duration.ofMillis(1),
          Duration.ofHours(1));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"
      })
  void publishedKey_takesItsAlgorithms(String algorithm) {
    IssuerKey key = IssuerKey.of("k", algorithm);
    try (IssuerServer issuer = new IssuerServer(FIRST, key);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, key.token(algorithm))).isEqualTo("valid");
    }
  }

  @Test
  void rotatedKey_isPickedUpAtItsFirstToken() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");

      issuer.publish(SECOND);

      assertThat(verdict(keys, SECOND.token("ES256"))).isEqualTo("valid");
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unknown_key");
    }
  }

  @Test
  void unknownKeys_doNotHammerTheServer() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      IssuerKey stranger = IssuerKey.of("stranger", "ES256");

      assertThat(IntStream.range(0, 100).mapToObj(_ -> verdict(keys, stranger.token("ES256"))))
          .containsOnly("unknown_key");
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");
      assertThat(issuer.requests()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void manyTokens_costOneRequest() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      String token = FIRST.token("RS256");

      assertThat(IntStream.range(0, 50).mapToObj(_ -> verdict(keys, token))).containsOnly("valid");
      assertThat(issuer.requests()).isEqualTo(1);
    }
  }

  @Test
  void knownKeys_surviveTheServersOutage() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address(), SHORT)) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");
      issuer.fail();
      int before = issuer.requests();

      await()
          .until(() -> {
            assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");
            return issuer.requests() > before + 3;
          });
    }
  }

  /// The JSON library behind the keys throws at some of these.
  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{\"keys\":{}}", "{"})
  void knownKeys_surviveAnAnswerThatIsNoKeySet(String body) {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address(), SHORT)) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");
      issuer.publish(body);
      int before = issuer.requests();

      await()
          .until(() -> {
            assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");
            return issuer.requests() > before + 3;
          });
    }
  }

  @Test
  void serverThatWasAway_isAskedAgain() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address(), SHORT)) {
      issuer.fail();
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");

      issuer.publish(FIRST);

      await().until(() -> verdict(keys, FIRST.token("RS256")).equals("valid"));
    }
  }

  @Test
  void keysNeverHad_areUnavailableHoweverOftenAsked() {
    try (IssuerServer issuer = new IssuerServer();
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.fail();

      assertThat(IntStream.range(0, 20).mapToObj(_ -> verdict(keys, FIRST.token("RS256"))))
          .containsOnly("unavailable");
      assertThat(issuer.requests()).isLessThanOrEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "[]", "{\"keys\":7}"})
  void answerThatIsNoKeySet_isNone(String body) {
    try (IssuerServer issuer = new IssuerServer();
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.publish(body);

      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void answerOverTheLimit_isNotRead() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.publish("{\"pad\":\"" + "x".repeat(70_000) + "\",\"keys\":[]}");

      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void redirect_isNotFollowed() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address("/moved"))) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void serverThatIsNotThere_isUnavailable() {
    URI address;
    try (IssuerServer gone = new IssuerServer()) {
      address = gone.address();
    }
    try (RemoteKeys keys = new RemoteKeys(address)) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void rightKeyUnderAWrongName_isUnknown() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      String renamed = new IssuerKey("other", FIRST.pair()).token("RS256");

      assertThat(verdict(keys, renamed)).isEqualTo("unknown_key");
    }
  }

  @Test
  void strangersKeyUnderARightName_isABadSignature() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      String forged = IssuerKey.of("first", "RS256").token("RS256");

      assertThat(verdict(keys, forged)).isEqualTo("bad_signature");
    }
  }

  @Test
  void tokenThatNamesNoKey_isTriedWithEveryOneThatFits() {
    IssuerKey third = IssuerKey.of("third", "RS256");
    try (IssuerServer issuer = new IssuerServer(FIRST, SECOND, third);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, third.signed("{\"alg\":\"RS256\"}", "{}"))).isEqualTo("valid");
      assertThat(verdict(keys, SECOND.signed("{\"alg\":\"ES256\"}", "{}"))).isEqualTo("valid");
      assertThat(verdict(keys, IssuerKey.of("x", "RS256").signed("{\"alg\":\"RS256\"}", "{}")))
          .isEqualTo("bad_signature");
      assertThat(issuer.requests()).isEqualTo(1);
    }
  }

  @Test
  void keysOfAServerThatStaysAway_areGoodForTheirTimeAndNotLonger() {
    Times times =
        new Times(
            Duration.ofMillis(300),
            Duration.ZERO,
            Duration.ofMillis(250),
            Duration.ofMillis(1),
            Duration.ofMillis(1500));
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address(), times)) {
      String token = FIRST.token("RS256");
      assertThat(verdict(keys, token)).isEqualTo("valid");
      int before = issuer.requests();
      issuer.fail();

      await().until(() -> verdict(keys, token).equals("valid") && issuer.requests() > before);
      await().until(() -> verdict(keys, token).equals("unavailable"));
    }
  }

  @Test
  void keysByTls_comeFromAServerWhoseCertificateIsTrusted(@TempDir Path directory)
      throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    try (IssuerServer issuer = new IssuerServer(certificate, FIRST);
        RemoteKeys strange = new RemoteKeys(issuer.address());
        RemoteKeys trusted = new RemoteKeys(issuer.address());
        RemoteKeys misnamed =
            new RemoteKeys(
                URI.create(issuer.address().toString().replace("127.0.0.1", "localhost")))) {
      assertThat(verdict(strange, FIRST.token("RS256"))).isEqualTo("unavailable");

      HttpsURLConnection.setDefaultSSLSocketFactory(certificate.trusting().getSocketFactory());

      assertThat(verdict(trusted, FIRST.token("RS256"))).isEqualTo("valid");
      assertThat(verdict(misnamed, FIRST.token("RS256"))).isEqualTo("unavailable");
    } finally {
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
    }
  }

  @Test
  void weakPublishedKey_isNotUsed() {
    IssuerKey weak = IssuerKey.rsa("weak", 1024);
    try (IssuerServer issuer = new IssuerServer(weak);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, weak.token("RS256"))).isEqualTo("unknown_key");
    }
  }

  @Test
  void asking_neverWaitsForTheServer() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.stall();

      boolean decided = candidates(keys, FIRST.token("RS256")).isDone();

      assertThat(decided).isFalse();
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void tokensThatWouldWaitInALongLine_areTurnedAway() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.stall();
      String token = FIRST.token("RS256");

      assertThat(IntStream.range(0, 300).mapToObj(_ -> candidates(keys, token)).toList())
          .anyMatch(CompletableFuture::isCompletedExceptionally);
    }
  }

  private static CompletableFuture<List<TokenKey>> candidates(KeySource keys, String token) {
    return keys.candidates(parsed(token).getHeader()).toCompletableFuture();
  }

  /// What a door makes of it.
  private static String verdict(KeySource keys, String token) {
    try {
      List<TokenKey> candidates = candidates(keys, token).join();
      if (candidates.isEmpty()) {
        return "unknown_key";
      }
      boolean signed = candidates.stream().anyMatch(key -> key.signed(parsed(token)));
      return signed ? "valid" : "bad_signature";
    } catch (CompletionException _) {
      return "unavailable";
    }
  }

  private static SignedJWT parsed(String token) {
    try {
      return SignedJWT.parse(token);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
