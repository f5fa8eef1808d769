package io.verbatim.batch.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import io.verbatim.batch.provider.ProviderCall;
import io.verbatim.batch.provider.ProviderClient;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The access tokens of a service account. One is fetched at a time, and used until a minute before
/// it expires.
public final class AccessTokens implements GoogleCredentials {

  private static final Duration RESERVE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private record Token(String value, Instant usableUntil) {}

  private final ProviderClient client;
  private final ServiceAccount account;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Token current;

  public AccessTokens(ProviderClient client, ServiceAccount account, InstantSource clock) {
    this.client = client;
    this.account = account;
    this.clock = clock;
  }

  @Override
  public String setting() {
    return "GOOGLE_APPLICATION_CREDENTIALS";
  }

  @Override
  public Map<String, String> header() throws InterruptedException {
    Token token = usable();
    if (token == null) {
      fetching.lockInterruptibly();
      try {
        token = usable();
        if (token == null) {
          token = fetch();
          current = token;
        }
      } finally {
        fetching.unlock();
      }
    }
    return Map.of("Authorization", "Bearer " + token.value);
  }

  private @Nullable Token usable() {
    Token token = current;
    return token != null && clock.instant().isBefore(token.usableUntil) ? token : null;
  }

  private Token fetch() throws InterruptedException {
    Instant now = clock.instant();
    String form =
        "grant_type=%s&assertion=%s"
            .formatted(URLEncoder.encode(GRANT, UTF_8), account.assertion(now));
    ProviderCall call =
        new ProviderCall(
            "Google",
            setting(),
            "POST",
            account.tokenUri(),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            () -> BodyPublishers.ofString(form),
            TIMEOUT);
    TokenAnswer answer = send(call);
    if (answer.accessToken() == null || !answer.accessToken().matches("[!-~]+")) {
      throw new BatchException(
          FailureKind.UNAVAILABLE, "Google sent an answer without an access token.");
    }
    return new Token(answer.accessToken(), now.plusSeconds(answer.expiresIn()).minus(RESERVE));
  }

  /// A signature or an account that Google does not know is refused as a bad request.
  private TokenAnswer send(ProviderCall call) throws InterruptedException {
    try {
      return client.send(call, TokenAnswer.class);
    } catch (BatchException failure) {
      if (failure.kind() == FailureKind.REJECTED) {
        throw new BatchException(
            FailureKind.KEY_REFUSED, "Google refused the key in %s.".formatted(setting()));
      }
      throw failure;
    }
  }

  @Override
  public void refused() {
    current = null;
  }
}
