package io.verbatim.ingest.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.verbatim.pubsub.message.PublishedApiKey;
import io.verbatim.security.client.AddressRange;
import io.verbatim.security.client.TrustedProxies;
import io.verbatim.security.http.AuthResult;
import io.verbatim.security.http.AuthResult.Accepted;
import io.verbatim.security.http.AuthResult.Rejected;
import io.verbatim.security.http.Problem;
import io.verbatim.security.token.TokenFuzzTest;
import io.verbatim.service.Secret;
import io.verbatim.testkit.fuzz.Assertion;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Credentials of callers: headers, a path, a query.
public class StreamAuthenticatorFuzzTest {
  private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.1");
  private static final Secret SECRET = new Secret("a secret no input holds \u2620");
  private static final PublishedApiKey API_KEY =
      new PublishedApiKey("id", "00".repeat(32), null, Set.of(), null);
  private static final StreamAuthenticator AUTHENTICATOR =
      new StreamAuthenticator(
          Optional.of(TokenFuzzTest.verifier()),
          Optional.of(
              new ExotelCredentials(
                  "user",
                  SECRET,
                  SECRET,
                  List.of(AddressRange.parse("203.0.113.7")),
                  SECRET,
                  false)),
          StreamAuthenticatorFuzzTest::rejected);
  private static final TrustedProxies PROXIES =
      new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8")));

  /// Reads a handshake, one part a line: the `Authorization` header, the token of the path, the
  /// token of the query, then the forwarded addresses, of which the second is the API key too. No
  /// caller is accepted by a credential.
  @FuzzTest
  public void handshake(byte[] input) {
    String[] lines = new String(input, UTF_8).split("\n", 32);
    Handshake handshake =
        new Handshake(
            line(lines, 0),
            line(lines, 4),
            line(lines, 1),
            line(lines, 2),
            lines.length % 2 == 0,
            PEER,
            PROXIES.caller(PEER, _ -> Arrays.stream(lines).skip(3).toList()));
    AuthResult<Caller> result = AUTHENTICATOR.authenticate(handshake).toCompletableFuture().join();
    switch (result) {
      case Accepted<Caller>(Caller.Exotel(Caller.Proof proof)) ->
          Assertion.check(
              proof == Caller.Proof.ADDRESS, "accepted by a credential that no input contains");
      case Accepted<Caller>(Caller.TokenHolder _) ->
          Assertion.check(false, "accepted by an unsigned token");
      case Accepted<Caller>(Caller.UnprovenExotel _) -> {}
      case Rejected<Caller>(Problem(int status, _, String detail, _)) ->
          Assertion.check(
              status == 401 && detail.length() < 200,
              "a refusal with another status or a long detail");
    }
  }

  private static AuthResult<Caller> rejected(String key) {
    boolean matches = PublishedApiKey.idOf(key).isPresent() && API_KEY.matches(key);
    Assertion.check(!matches, "a key that no input contains");
    return AuthResult.unauthorized("bad_api_key", "The API key is unknown.");
  }

  private static Optional<String> line(String[] lines, int index) {
    return Optional.ofNullable(index < lines.length ? lines[index] : null)
        .filter(line -> !line.isEmpty());
  }
}
