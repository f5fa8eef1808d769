package io.verbatim.local.deepgram;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the live protocol that sends the given frames and reads until the close.
final class LiveClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final URI server;

  LiveClient(URI server) {
    this.server = server;
  }

  /// The server's messages in order, the close (1006 if there was none), and the request id of the
  /// handshake.
  record Conversation(List<JsonNode> messages, WebSocketCloseStatus close, String requestId) {
    List<JsonNode> ofType(String type) {
      return messages.stream()
          .filter(message -> type.equals(message.path("type").asString()))
          .toList();
    }

    List<JsonNode> finals() {
      return ofType("Results").stream()
          .filter(result -> result.path("is_final").asBoolean())
          .toList();
    }
  }

  static WebSocketFrame audio(byte[] bytes) {
    return new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes));
  }

  static WebSocketFrame text(String type) {
    return new TextWebSocketFrame("{\"type\":\"%s\"}".formatted(type));
  }

  Conversation converse(String query, Flux<WebSocketFrame> frames) {
    List<JsonNode> messages = new ArrayList<>();
    String[] requestId = {""};
    WebSocketCloseStatus close =
        HttpClient.newConnection()
            .headers(headers -> headers.add("Authorization", "Token anything"))
            .websocket(WebsocketClientSpec.builder().maxFramePayloadLength(1 << 20).build())
            .uri(server.resolve("/v1/listen?" + query))
            .handle((in, out) -> {
              requestId[0] = in.headers().get("dg-request-id", "");
              Mono<Void> sent = out.sendObject(frames, _ -> true).then();
              Flux<WebSocketCloseStatus> received =
                  in.receive()
                      .asString()
                      .doOnNext(text -> messages.add(JsonMapper.shared().readTree(text)))
                      .thenMany(in.receiveCloseStatus().flux());
              return received.mergeWith(sent.then(Mono.never()));
            })
            .next()
            .blockOptional(TIMEOUT)
            .orElse(WebSocketCloseStatus.ABNORMAL_CLOSURE);
    return new Conversation(messages, close, requestId[0]);
  }

  /// Sends a handshake with the given `Authorization` and returns the answer.
  HttpAnswer handshake(String query, String authorization) {
    return HttpClient.newConnection()
        .headers(headers -> headers.add("Authorization", authorization))
        .get()
        .uri("http://127.0.0.1:" + server.getPort() + "/v1/listen?" + query)
        .responseSingle((response, body) ->
            body.asString()
                .map(text ->
                    new HttpAnswer(
                        response.status().code(),
                        response.responseHeaders().get("dg-error", ""),
                        response.responseHeaders().get("dg-request-id", ""),
                        text)))
        .blockOptional(TIMEOUT)
        .orElseThrow();
  }

  /// An HTTP answer instead of the upgrade.
  record HttpAnswer(int status, String error, String requestId, String body) {}
}
