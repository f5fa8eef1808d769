package io.verbatim.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jwt.SignedJWT;
import io.verbatim.security.token.RemoteKeys.Times;
import io.verbatim.testkit.tokens.IssuerKey;
import io.verbatim.testkit.tokens.IssuerServer;
import io.verbatim.testkit.tokens.SelfSigned;
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
import org.slf4j.LoggerFactory;

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
  void publishedKey_acceptsItsAlgorithm(String algorithm) {
    IssuerKey key = IssuerKey.of("k", algorithm);
    try (IssuerServer issuer = new IssuerServer(FIRST, key);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, key.token(algorithm))).isEqualTo("valid");
    }
  }

  @Test
  void rotatedKey_isFetchedAtItsFirstToken() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");

      issuer.publish(SECOND);

      assertThat(verdict(keys, SECOND.token("ES256"))).isEqualTo("valid");
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unknown_key");
    }
  }

  @Test
  void manyUnknownKeys_causeFewRequests() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      IssuerKey other = IssuerKey.of("other", "ES256");

      assertThat(IntStream.range(0, 100).mapToObj(_ -> verdict(keys, other.token("ES256"))))
          .containsOnly("unknown_key");
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("valid");
      assertThat(issuer.requests()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void manyTokensOfAKnownKey_causeOneRequest() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      String token = FIRST.token("RS256");

      assertThat(IntStream.range(0, 50).mapToObj(_ -> verdict(keys, token))).containsOnly("valid");
      assertThat(issuer.requests()).isEqualTo(1);
    }
  }

  @Test
  void serverFails_knownKeysStayValid() {
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

  /// The JSON library throws unchecked exceptions for some of these bodies.
  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{\"keys\":{}}", "{"})
  void bodyThatIsNotAKeySet_leavesKnownKeysValid(String body) {
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
  void serverThatRecovers_isQueriedAgain() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address(), SHORT)) {
      issuer.fail();
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");

      issuer.publish(FIRST);

      await().until(() -> verdict(keys, FIRST.token("RS256")).equals("valid"));
    }
  }

  @Test
  void serverThatNeverAnswered_isUnavailableAndReceivesFewRequests() {
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
  void firstBodyIsNotAKeySet_keysAreUnavailable(String body) {
    try (IssuerServer issuer = new IssuerServer();
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.publish(body);

      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "null", "[]", "{\"keys\":7}"})
  void bodyThatIsNotAKeySet_isLoggedWithThatReason(String body) {
    Logger logger = (Logger) LoggerFactory.getLogger(KeyServer.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try (IssuerServer issuer = new IssuerServer();
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.publish(body);
      verdict(keys, FIRST.token("RS256"));
    } finally {
      logger.detachAppender(log);
    }

    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("auth.keys_unavailable reason=\"the response is not a JSON Web Key Set\"");
  }

  @Test
  void bodyOverTheLimit_keysAreUnavailable() {
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
  void closedPort_keysAreUnavailable() {
    URI address;
    try (IssuerServer gone = new IssuerServer()) {
      address = gone.address();
    }
    try (RemoteKeys keys = new RemoteKeys(address)) {
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void knownKeyWithAnotherKeyId_isUnknown() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      String renamed = new IssuerKey("other", FIRST.pair()).token("RS256");

      assertThat(verdict(keys, renamed)).isEqualTo("unknown_key");
    }
  }

  @Test
  void otherKeyWithAKnownKeyId_isABadSignature() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      String forged = IssuerKey.of("first", "RS256").token("RS256");

      assertThat(verdict(keys, forged)).isEqualTo("bad_signature");
    }
  }

  @Test
  void tokenWithoutKeyId_isTriedWithEveryMatchingKey() {
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
  void longOutage_keysExpireAfterTheOutageTolerance() {
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
  void httpsServer_isUsedOnlyIfItsCertificateIsTrusted(@TempDir Path directory) throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    try (IssuerServer issuer = new IssuerServer(certificate, FIRST);
        RemoteKeys untrusted = new RemoteKeys(issuer.address());
        RemoteKeys trusted = new RemoteKeys(issuer.address());
        RemoteKeys misnamed =
            new RemoteKeys(
                URI.create(issuer.address().toString().replace("127.0.0.1", "localhost")))) {
      assertThat(verdict(untrusted, FIRST.token("RS256"))).isEqualTo("unavailable");

      HttpsURLConnection.setDefaultSSLSocketFactory(certificate.trusting().getSocketFactory());

      assertThat(verdict(trusted, FIRST.token("RS256"))).isEqualTo("valid");
      assertThat(verdict(misnamed, FIRST.token("RS256"))).isEqualTo("unavailable");
    } finally {
      HttpsURLConnection.setDefaultSSLSocketFactory(before);
    }
  }

  @Test
  void weakPublishedKey_isUnknown() {
    IssuerKey weak = IssuerKey.rsa("weak", 1024);
    try (IssuerServer issuer = new IssuerServer(weak);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      assertThat(verdict(keys, weak.token("RS256"))).isEqualTo("unknown_key");
    }
  }

  @Test
  void candidates_doNotWaitForTheServer() {
    try (IssuerServer issuer = new IssuerServer(FIRST);
        RemoteKeys keys = new RemoteKeys(issuer.address())) {
      issuer.stall();

      boolean done = candidates(keys, FIRST.token("RS256")).isDone();

      assertThat(done).isFalse();
      assertThat(verdict(keys, FIRST.token("RS256"))).isEqualTo("unavailable");
    }
  }

  @Test
  void fullQueue_failsFurtherTokens() {
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

  /// The result a service derives from the keys.
  private static String verdict(KeySource keys, String token) {
    try {
      List<TokenKey> candidates = candidates(keys, token).join();
      if (candidates.isEmpty()) {
        return "unknown_key";
      }
      boolean signed = candidates.stream().anyMatch(key -> key.verifies(parsed(token)));
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
