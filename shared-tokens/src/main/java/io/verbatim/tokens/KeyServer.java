package io.verbatim.tokens;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The issuer's key server, asked over HTTP. Each question blocks; remembers whether the last one
/// was answered, and logs when that changes.
final class KeyServer extends URLBasedJWKSetSource<SecurityContext> {
  private static final Logger logger = LoggerFactory.getLogger(KeyServer.class);
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 2_000;
  private static final int MOST_BYTES = 64 * 1024;

  private enum State {
    UNKNOWN,
    ANSWERING,
    SILENT
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.UNKNOWN);

  KeyServer(URI address) {
    super(url(address), new Retriever());
  }

  boolean isAnswering() {
    return state.get() == State.ANSWERING;
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator refresh, long currentMillis, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      JWKSet keys = ask(refresh, currentMillis, context);
      if (state.getAndSet(State.ANSWERING) != State.ANSWERING) {
        logger.info("auth.keys_fetched count={}", keys.size());
      }
      return keys;
    } catch (KeySourceException failure) {
      if (state.getAndSet(State.SILENT) != State.SILENT) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        logger.warn("auth.keys_unavailable cause={}", cause.getClass().getSimpleName());
      }
      throw failure;
    }
  }

  /// The library stumbles over some answers that are no key set; only as a failure of the server do
  /// they leave the keys it gave before in force.
  private JWKSet ask(
      JWKSetCacheRefreshEvaluator refresh, long currentMillis, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      return super.getJWKSet(refresh, currentMillis, context);
    } catch (RuntimeException unreadable) {
      throw new JWKSetParseException("not a set of keys", unreadable);
    }
  }

  private static URL url(URI address) {
    try {
      return address.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// Takes keys from the configured address only: a redirect is an error.
  private static final class Retriever extends DefaultResourceRetriever {
    Retriever() {
      super(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);
    }

    @Override
    protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
      HttpURLConnection connection = super.openHTTPConnection(url);
      connection.setInstanceFollowRedirects(false);
      return connection;
    }
  }
}
