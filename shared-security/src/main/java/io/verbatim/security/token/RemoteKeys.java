package io.verbatim.security.token;

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

/// The keys an issuer publishes, fetched at first use and again before they expire.
///
/// A token with an unknown key id causes another fetch, at a limited rate: invented key ids cannot
/// flood the key server. While the server is unavailable, the last keys stay valid for a day.
/// Fetching blocks, so it runs on separate threads; if their queue is full, the keys are
/// unavailable.
final class RemoteKeys implements KeySource {
  private static final int THREADS = 4;
  private static final int MAX_QUEUED = 256;
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  /// The durations of the cache.
  ///
  /// @param timeToLive how long keys are used before they are fetched again
  /// @param refreshAhead how long before the end of `timeToLive` a background fetch starts
  /// @param refreshTimeout how long a token waits for a fetch that another token started
  /// @param rateLimitWindow the period in which the server receives at most two requests
  /// @param outageTolerance how long keys stay valid while the server is unavailable
  record Times(
      Duration timeToLive,
      Duration refreshAhead,
      Duration refreshTimeout,
      Duration rateLimitWindow,
      Duration outageTolerance) {
    static final Times DEFAULT =
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
    this(address, Times.DEFAULT);
  }

  RemoteKeys(URI address, Times times) {
    server = new KeyServer(address);
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_TIMEOUT.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MAX_QUEUED),
            Thread.ofPlatform().daemon().name("token-keys-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    source =
        JWKSourceBuilder.create(server)
            .cache(times.timeToLive().toMillis(), times.refreshTimeout().toMillis())
            .refreshAheadCache(times.refreshAhead().toMillis(), null, threads, false, null, false)
            .rateLimited(times.rateLimitWindow().toMillis())
            .outageTolerant(times.outageTolerance().toMillis())
            .build();
  }

  @Override
  public CompletionStage<List<TokenKey>> candidates(JWSHeader header) {
    try {
      return CompletableFuture.supplyAsync(() -> find(header), threads);
    } catch (RejectedExecutionException full) {
      return CompletableFuture.failedFuture(full);
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
    } catch (RateLimitReachedException limited) {
      if (server.isAnswering()) {
        return List.of();
      }
      throw new CompletionException(limited);
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
