package io.verbatim.gateway.stage;

import io.verbatim.gateway.GatewayApplication;
import io.verbatim.gateway.auth.TestTokens;
import io.verbatim.pubsub.Bus;
import io.verbatim.service.MetricsServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// A whole gateway on a port of its own.
public final class RunningGateway implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RunningGateway(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /// On a bus the test made and closes.
  public static RunningGateway on(Bus bus, Map<String, Object> settings) {
    return new RunningGateway(
        GatewayApplication.start(
            with(settings),
            context ->
                ((GenericApplicationContext) context)
                    .registerBean(
                        "bus",
                        Bus.class,
                        () -> bus,
                        definition -> definition.setDestroyMethodName(""))));
  }

  /// On a Redis.
  public static RunningGateway on(String redisUrl, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("REDIS_URL", redisUrl);
    return new RunningGateway(GatewayApplication.start(with(all)));
  }

  private static Map<String, Object> with(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>();
    all.put("PORT", "0");
    all.put("MANAGEMENT_PORT", "0");
    all.put("JWT_PUBLIC_KEY", TestTokens.publicKeyPem());
    all.putAll(settings);
    return all;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public int port() {
    var server = ((ReactiveWebServerApplicationContext) context).getWebServer();
    return server == null ? -1 : server.getPort();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /// Opens a stream of events.
  public EventReader events(String path, String token, String... headers) {
    return EventReader.open(http, request(path, token, headers).build());
  }

  public HttpResponse<String> get(String path, String token, String... headers) {
    return send(request(path, token, headers));
  }

  /// The same without waiting for the end of the answer.
  public CompletableFuture<HttpResponse<String>> ask(String path, String token, String... headers) {
    return http.sendAsync(
        request(path, token, headers).build(), HttpResponse.BodyHandlers.ofString());
  }

  /// All meters, from the port they are served on.
  public String metrics() {
    int port = bean(MetricsServer.class).port().orElseThrow();
    URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
    return send(HttpRequest.newBuilder(uri)).body();
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    return Answers.of(http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()));
  }

  /// A request to this gateway.
  ///
  /// @param token shown as Bearer; none where it is empty
  public HttpRequest.Builder request(String path, String token, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return headers.length == 0 ? request : request.headers(headers);
  }

  @Override
  public void close() {
    context.close();
    http.shutdownNow();
  }
}
