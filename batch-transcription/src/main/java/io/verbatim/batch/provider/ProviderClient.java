package io.verbatim.batch.provider;

import io.verbatim.batch.failure.BatchException;
import io.verbatim.batch.failure.FailureKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Sends requests to providers, and tries again what may succeed: a refusal as too many requests
/// (up to 4 tries), and a failed server or connection (up to 3). Waits twice as long after each
/// try, or as long as the provider asks, but at most 30 s.
///
/// Thread-safe; blocks. An interrupt ends the request in flight.
public final class ProviderClient implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(ProviderClient.class);
  private static final int MAX_ANSWER_BYTES = 32 * 1024 * 1024;
  private static final int MAX_TRIES_LIMITED = 4;
  private static final int MAX_TRIES_FAILED = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration MAX_DELAY = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Duration firstDelay;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(threads)
          .build();

  /// @param firstDelay before the second try
  public ProviderClient(Duration firstDelay) {
    this.firstDelay = firstDelay;
  }

  /// Sends a request and reads its JSON answer.
  ///
  /// @throws BatchException if the provider refuses it, or fails after all tries
  public <T> T send(ProviderCall call, Class<T> answer) throws InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return once(call, answer);
      } catch (BatchException failure) {
        if (tries >= maxTries(failure)) {
          throw failure;
        }
        Duration delay = delay(tries, failure.retryAfter());
        logger.info(
            "provider.retried provider={} reason={} delay={}ms",
            call.provider(),
            failure.kind(),
            delay.toMillis());
        pause(delay);
      }
    }
  }

  /// Waits.
  ///
  /// @throws BatchException if the client is closed
  public void pause(Duration delay) throws InterruptedException {
    if (closed.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
      throw stopping();
    }
  }

  private static int maxTries(BatchException failure) {
    return switch (failure.kind()) {
      case RATE_LIMITED -> failure.retryAfter().compareTo(MAX_DELAY) > 0 ? 1 : MAX_TRIES_LIMITED;
      case UNAVAILABLE -> MAX_TRIES_FAILED;
      default -> 1;
    };
  }

  /// Between half and the whole of the doubled delay, so that clients do not try at the same time.
  private Duration delay(int tries, Duration asked) {
    if (asked.isPositive()) {
      return asked;
    }
    long millis = firstDelay.toMillis() << (tries - 1);
    long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    return Duration.ofMillis(Math.min(MAX_DELAY.toMillis(), jittered));
  }

  private <T> T once(ProviderCall call, Class<T> answer) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri()).method(call.method(), call.body().get());
    call.headers().forEach(request::header);
    HttpResponse<byte[]> response = exchange(call, request.build());
    if (response.statusCode() / 100 != 2) {
      throw ProviderRefusal.of(call, response);
    }
    try {
      return JsonMapper.shared().readValue(response.body(), answer);
    } catch (JacksonException unreadable) {
      throw new BatchException(
          FailureKind.UNAVAILABLE, call.provider() + " sent an answer that cannot be read.");
    }
  }

  private HttpResponse<byte[]> exchange(ProviderCall call, HttpRequest request)
      throws InterruptedException {
    if (closed.getCount() == 0) {
      throw stopping();
    }
    CompletableFuture<HttpResponse<byte[]>> pending =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    try {
      return pending.get(call.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      throw new BatchException(
          FailureKind.TIMEOUT,
          "%s did not answer within %d s.".formatted(call.provider(), call.timeout().toSeconds()));
    } catch (ExecutionException failed) {
      if (closed.getCount() == 0) {
        throw stopping();
      }
      String reason = failed.getCause() instanceof IOException io ? reason(io) : "unknown reason";
      throw new BatchException(
          FailureKind.UNAVAILABLE, "%s cannot be reached: %s.".formatted(call.provider(), reason));
    } finally {
      pending.cancel(true);
    }
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case java.net.http.HttpConnectTimeoutException _ -> "the connection timed out";
      case java.net.ConnectException _ -> "the connection was refused";
      case javax.net.ssl.SSLException _ -> "TLS failed";
      default -> "the connection was closed";
    };
  }

  private static BatchException stopping() {
    return new BatchException(FailureKind.CANCELLED, "The gateway is stopping.");
  }

  /// Ends all requests and waits.
  @Override
  public void close() {
    closed.countDown();
    http.shutdownNow();
    threads.shutdownNow();
  }
}
