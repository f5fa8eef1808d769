package io.verbatim.security.token;

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

/// The issuer's key server, queried over HTTP. Each request blocks. Remembers whether the last
/// request succeeded, and logs each change.
final class KeyServer extends URLBasedJWKSetSource<SecurityContext> {
  private static final Logger logger = LoggerFactory.getLogger(KeyServer.class);
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 2_000;
  private static final int MAX_BYTES = 64 * 1024;
  private static final String NOT_A_KEY_SET = "the response is not a JSON Web Key Set";

  private enum State {
    UNKNOWN,
    ANSWERING,
    FAILING
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
      JWKSet keys = fetch(refresh, currentMillis, context);
      if (state.getAndSet(State.ANSWERING) != State.ANSWERING) {
        logger.info("auth.keys_fetched count={}", keys.size());
      }
      return keys;
    } catch (KeySourceException failure) {
      if (state.getAndSet(State.FAILING) != State.FAILING) {
        logger.warn("auth.keys_unavailable reason=\"{}\"", reason(failure));
      }
      throw failure;
    }
  }

  private static String reason(KeySourceException failure) {
    if (failure instanceof JWKSetParseException) {
      return NOT_A_KEY_SET;
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getClass().getSimpleName();
  }

  /// The library throws unchecked exceptions for some bodies that are not a key set. Only a
  /// [KeySourceException] keeps the keys fetched before in use.
  private JWKSet fetch(
      JWKSetCacheRefreshEvaluator refresh, long currentMillis, @Nullable SecurityContext context)
      throws KeySourceException {
    try {
      return super.getJWKSet(refresh, currentMillis, context);
    } catch (RuntimeException unreadable) {
      throw new JWKSetParseException(NOT_A_KEY_SET, unreadable);
    }
  }

  private static URL url(URI address) {
    try {
      return address.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// Fetches keys from the configured address only: a redirect is an error.
  private static final class Retriever extends DefaultResourceRetriever {
    Retriever() {
      super(CONNECT_MILLIS, READ_MILLIS, MAX_BYTES);
    }

    @Override
    protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
      HttpURLConnection connection = super.openHTTPConnection(url);
      connection.setInstanceFollowRedirects(false);
      return connection;
    }
  }
}
