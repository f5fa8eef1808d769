package io.verbatim.tokens;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The keys an issuer publishes, fetched when first needed and again before they are old.
///
/// A key nobody has heard of makes us ask again, but rarely: who invents names cannot make us
/// hammer the key server. While that is away, the keys it gave last stay good for a day. Fetching
/// blocks, so everything here runs on threads of its own; where too many wait, the keys cannot be
/// had.
final class RemoteKeys implements KeySource {
  private static final int THREADS = 4;
  private static final int WAITING = 256;
  private static final Duration IDLE = Duration.ofMinutes(1);

  /// How long things last.
  ///
  /// @param fresh how long keys are used before they are fetched again
  /// @param ahead how long before that a fetch begins that nobody waits for
  /// @param patience how long a token waits for a fetch another one began
  /// @param window in which the server is asked twice at most
  /// @param outage how long keys stay good whose server is away
  record Times(
      Duration fresh, Duration ahead, Duration patience, Duration window, Duration outage) {
    static final Times USUAL =
        new Times(
            Duration.ofMinutes(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofDays(1));
  }

  private final KeyServer server;
  private final ThreadPoolExecutor threads;
  private final JWKSource<SecurityContext> source;

  RemoteKeys(URI address) {
    this(address, Times.USUAL);
  }

  RemoteKeys(URI address, Times times) {
    server = new KeyServer(address);
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("token-keys-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    source =
        JWKSourceBuilder.create(server)
            .cache(times.fresh().toMillis(), times.patience().toMillis())
            .refreshAheadCache(times.ahead().toMillis(), null, threads, false, null, false)
            .rateLimited(times.window().toMillis())
            .outageTolerant(times.outage().toMillis())
            .build();
  }

  @Override
  public CompletionStage<List<TokenKey>> candidates(JWSHeader header) {
    try {
      return CompletableFuture.supplyAsync(() -> find(header), threads);
    } catch (RejectedExecutionException tooMany) {
      return CompletableFuture.failedFuture(tooMany);
    }
  }

  private List<TokenKey> find(JWSHeader header) {
    JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
    if (matcher == null) {
      return List.of();
    }
    try {
      return source.get(new JWKSelector(matcher), null).stream()
          .flatMap(published -> TokenKey.of(published).stream())
          .toList();
    } catch (RateLimitReachedException tooSoon) {
      if (server.isAnswering()) {
        return List.of();
      }
      throw new CompletionException(tooSoon);
    } catch (KeySourceException unavailable) {
      throw new CompletionException(unavailable);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (source instanceof JWKSetBasedJWKSource<?> closeable) {
        closeable.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
