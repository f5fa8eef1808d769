package io.verbatim.local.bench;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/// A recogniser on 127.0.0.1 that speaks Deepgram's live protocol and reads talking frames: it
/// checks every byte, measures every frame's delay, and answers a final of one word, the frame's
/// number, for every second it has heard.
final class CheckingRecognizer implements AutoCloseable {
  /// The frames of a call's first second: they wait for a worker to take the call and for its
  /// session to open.
  static final int OPENING_FRAMES = 50;

  private static final int MAX_FRAME_BYTES = 1 << 20;

  private final Delays opening;
  private final Delays flowing;
  private final Map<Integer, Heard> calls = new ConcurrentHashMap<>();
  private final DisposableServer server;

  /// @param opening takes the delays of each call's first second
  /// @param flowing takes those of all later frames
  CheckingRecognizer(Delays opening, Delays flowing) {
    this.opening = opening;
    this.flowing = flowing;
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

  /// What was heard of each call, by its number.
  Map<Integer, Heard> calls() {
    return calls;
  }

  private Publisher<Void> listen(HttpServerRequest request, HttpServerResponse response) {
    TalkingSession session = new TalkingSession(opening, flowing, calls);
    return response
        .header("dg-request-id", "bench-" + request.requestId())
        .sendWebsocket(
            (in, out) ->
                in.aggregateFrames(MAX_FRAME_BYTES)
                    .receiveFrames()
                    .map(frame -> answers(session, frame))
                    .concatMap(
                        answers ->
                            out.sendObject(
                                    Flux.fromIterable(answers).map(TextWebSocketFrame::new),
                                    _ -> true)
                                .then(
                                    session.isOver()
                                        ? out.sendClose(1000, "")
                                        : Flux.<Void>empty().then()),
                        1),
            WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_BYTES).build());
  }

  private static List<String> answers(TalkingSession session, WebSocketFrame frame) {
    List<String> answers = new ArrayList<>();
    switch (frame) {
      case BinaryWebSocketFrame audio ->
          session.hear(ByteBufUtil.getBytes(audio.content()), System.nanoTime(), answers);
      case TextWebSocketFrame text -> session.read(text.text(), answers);
      default -> {
        // Pings are answered below us.
      }
    }
    return answers;
  }

  @Override
  public void close() {
    server.disposeNow(Duration.ofSeconds(2));
  }
}
