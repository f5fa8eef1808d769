package io.verbatim.local.chaos;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/// A recogniser on 127.0.0.1 that speaks Deepgram's live protocol, reads numbered audio, and knows
/// which worker each session is of: every worker has an API key of its own. Thread-safe.
final class NumbersRecognizer implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 1 << 20;

  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Map<Integer, String> ownerOfCall = new ConcurrentHashMap<>();
  private final AtomicInteger wrong = new AtomicInteger();
  private final Takeovers takeovers;
  private final DisposableServer server;

  NumbersRecognizer(Takeovers takeovers) {
    this.takeovers = takeovers;
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.get("/v1/listen", this::listen))
            .bindNow();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.port());
  }

  /// Sessions that were sent something else than the audio as it was spoken.
  int wrong() {
    return wrong.get();
  }

  /// The calls whose newest session is of the worker with this key.
  List<Integer> callsOf(String key) {
    return ownerOfCall.entrySet().stream()
        .filter(entry -> entry.getValue().equals(key))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Cuts every session without a word.
  void cutAll() {
    open.forEach(line -> line.channel().close());
  }

  private Publisher<Void> listen(HttpServerRequest request, HttpServerResponse response) {
    String key = String.valueOf(request.requestHeaders().get("Authorization"));
    NumberedSession session = new NumberedSession();
    return response
        .header("dg-request-id", "chaos-" + request.requestId())
        .sendWebsocket(
            (in, out) -> {
              in.withConnection(line -> {
                open.add(line);
                line.onDispose(() -> {
                  open.remove(line);
                  session.call().ifPresent(call -> ownerOfCall.remove(call, key));
                });
              });
              return in.aggregateFrames(MAX_FRAME_BYTES)
                  .receiveFrames()
                  .map(frame -> answers(session, frame, key))
                  .concatMap(
                      answers ->
                          out.sendObject(
                                  Flux.fromIterable(answers).map(TextWebSocketFrame::new),
                                  _ -> true)
                              .then(
                                  session.isOver()
                                      ? out.sendClose(1000, "")
                                      : Flux.<Void>empty().then()),
                      1);
            },
            WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_BYTES).build());
  }

  private List<String> answers(NumberedSession session, WebSocketFrame frame, String key) {
    List<String> answers = new ArrayList<>();
    try {
      switch (frame) {
        case BinaryWebSocketFrame audio -> {
          boolean first = session.call().isEmpty();
          session.hear(ByteBufUtil.getBytes(audio.content()), answers);
          if (first) {
            session.call().ifPresent(call -> begun(call, key));
          }
        }
        case TextWebSocketFrame text -> session.read(text.text(), answers);
        default -> {
          // Pings are answered below us.
        }
      }
    } catch (IllegalStateException e) {
      wrong.incrementAndGet();
      throw e;
    }
    return answers;
  }

  private void begun(int call, String key) {
    ownerOfCall.put(call, key);
    takeovers.heard(call, key, System.nanoTime());
  }

  @Override
  public void close() {
    server.disposeNow(Duration.ofSeconds(2));
  }
}
