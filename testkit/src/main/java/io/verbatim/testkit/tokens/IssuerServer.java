package io.verbatim.testkit.tokens;

import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/// An issuer's key server, over HTTP or HTTPS on a free loopback port. Counts its requests.
public final class IssuerServer implements AutoCloseable {
  private static final String STALLED = "stalled";

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicReference<String> body = new AtomicReference<>("");
  private final String scheme;
  private final DisposableServer server;

  public IssuerServer(IssuerKey... keys) {
    this("http", HttpServer.create(), keys);
  }

  /// A server with TLS.
  public IssuerServer(SelfSigned certificate, IssuerKey... keys) {
    this(
        "https",
        HttpServer.create()
            .secure(tls ->
                tls.sslContext(
                    (GenericSslContextSpec<?>)
                        Http11SslContextSpec.forServer(
                            certificate.certificate().toFile(), certificate.key().toFile()))),
        keys);
  }

  private IssuerServer(String scheme, HttpServer http, IssuerKey... keys) {
    this.scheme = scheme;
    publish(keys);
    server =
        http.host("127.0.0.1")
            .port(0)
            .handle((request, response) -> {
              requests.incrementAndGet();
              String current = body.get();
              if (request.uri().equals("/moved")) {
                return response.sendRedirect("/jwks.json");
              }
              if (current.equals(STALLED)) {
                return Mono.never();
              }
              return current.isEmpty()
                  ? response.status(500).send()
                  : response.sendString(Mono.just(current));
            })
            .bindNow();
  }

  public void publish(IssuerKey... keys) {
    publish(new JWKSet(Arrays.stream(keys).map(IssuerKey::jwk).toList()).toString());
  }

  public void publish(String text) {
    body.set(text);
  }

  /// Answers every further request with 500.
  public void fail() {
    body.set("");
  }

  /// Answers no further request.
  public void stall() {
    body.set(STALLED);
  }

  public int requests() {
    return requests.get();
  }

  public URI address() {
    return address("/jwks.json");
  }

  public URI address(String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
