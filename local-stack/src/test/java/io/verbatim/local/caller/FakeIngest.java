package io.verbatim.local.caller;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A WebSocket server on 127.0.0.1 that records a caller's messages and close status.
final class FakeIngest implements AutoCloseable {
  final CompletableFuture<HttpHeaders> handshake = new CompletableFuture<>();
  final List<JsonNode> texts = new CopyOnWriteArrayList<>();
  final List<byte[]> binaries = new CopyOnWriteArrayList<>();
  final CompletableFuture<WebSocketCloseStatus> closed = new CompletableFuture<>();
  private final DisposableServer server;

  /// @param answers the answer to each text; an empty string sends nothing. `stopped` and `error`
  ///   are followed by a close
  FakeIngest(Function<JsonNode, String> answers) {
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes ->
                routes.ws(
                    "/v1/ingest",
                    (in, out) -> {
                      handshake.complete(in.headers().copy());
                      in.receiveCloseStatus()
                          .defaultIfEmpty(WebSocketCloseStatus.ABNORMAL_CLOSURE)
                          .subscribe(closed::complete, closed::completeExceptionally);
                      Flux<String> replies =
                          in.aggregateFrames()
                              .receiveFrames()
                              .mapNotNull(frame ->
                                  switch (frame) {
                                    case TextWebSocketFrame text -> answer(text, answers);
                                    case BinaryWebSocketFrame binary -> record(binary);
                                    default -> "";
                                  })
                              .filter(reply -> !reply.isEmpty());
                      return replies.concatMap(reply -> send(out, reply)).then(Mono.never());
                    }))
            .bindNow();
  }

  private static Mono<Void> send(WebsocketOutbound out, String reply) {
    Mono<Void> sent = out.sendString(Mono.just(reply)).then();
    if (reply.contains("\"error\"")) {
      return sent.then(out.sendClose(1008, "refused"));
    }
    return reply.contains("\"stopped\"") ? sent.then(out.sendClose(1000, "")) : sent;
  }

  private String answer(TextWebSocketFrame text, Function<JsonNode, String> answers) {
    JsonNode message = JsonMapper.shared().readTree(text.text());
    texts.add(message);
    return answers.apply(message);
  }

  private String record(BinaryWebSocketFrame binary) {
    binaries.add(ByteBufUtil.getBytes(binary.content()));
    return "";
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port() + "/v1/ingest");
  }

  @Override
  public void close() {
    server.disposeNow(Duration.ofSeconds(2));
  }
}
