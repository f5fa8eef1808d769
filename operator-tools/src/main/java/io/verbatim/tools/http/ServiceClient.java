package io.verbatim.tools.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends requests to one service, with or without a token. Its creator closes it.
public final class ServiceClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI base;
  private final String token;

  /// @param base `http://` or `https://`, host and port
  /// @param token sent with each request of [#send]
  public ServiceClient(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /// Sends a request with the token.
  ///
  /// @throws IOException if there is no answer
  public HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        request(path)
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  /// Gets a path without the token.
  ///
  /// @throws IOException if there is no answer
  public HttpResponse<String> getAnonymously(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
  }

  /// The client itself, for streams and sockets.
  public HttpClient http() {
    return client;
  }

  /// The body as JSON; a missing node if it is something else.
  public static JsonNode json(HttpResponse<String> answer) {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException notJson) {
      return JsonMapper.shared().missingNode();
    }
  }

  /// What an answer says about its refusal: the detail of its problem, else its status.
  public static String refusal(HttpResponse<String> answer) {
    return "status "
        + answer.statusCode()
        + json(answer).path("detail").asStringOpt().map(detail -> ": " + detail).orElse("");
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
