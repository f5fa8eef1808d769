package io.verbatim.service;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/// Serves the meters on a separate port, because the public port must not expose them. Without a
/// port they are not served.
public final class MetricsServer implements AutoCloseable {
  private static final String PATH = "/actuator/prometheus";
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Optional<DisposableServer> server;

  private MetricsServer(@Nullable DisposableServer server) {
    this.server = Optional.ofNullable(server);
  }

  /// Starts the server.
  ///
  /// @param address the local address to bind; null for all
  /// @param port 0 for a free port; negative to serve nothing
  /// @param scrape returns all meters as text
  /// @param loop serves the connections; `scrape` runs off the loop
  /// @throws StartFailure if the port cannot be bound
  public static MetricsServer on(
      @Nullable InetAddress address, int port, Supplier<String> scrape, EventLoop loop) {
    if (port < 0) {
      return new MetricsServer(null);
    }
    HttpServer server =
        HttpServer.create()
            .bindAddress(() -> new InetSocketAddress(address, port))
            .runOn(loop.resources())
            .route(routes ->
                routes.get(
                    PATH,
                    (_, response) ->
                        response
                            .header("Content-Type", TYPE)
                            .sendString(
                                Mono.fromCompletionStage(() -> loop.offload(scrape::get)))));
    try {
      return new MetricsServer(server.bindNow());
    } catch (ChannelBindException failure) {
      throw new StartFailure("MANAGEMENT_PORT " + port + " " + reason(failure), failure);
    }
  }

  private static String reason(ChannelBindException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    String message = String.valueOf(cause.getMessage());
    return message.contains("already in use")
        ? "is in use by another process"
        : "cannot be served: " + message;
  }

  /// The port; empty if nothing is served.
  public OptionalInt port() {
    return server.map(bound -> OptionalInt.of(bound.port())).orElseGet(OptionalInt::empty);
  }

  @Override
  public void close() {
    server.ifPresent(DisposableServer::disposeNow);
  }
}
