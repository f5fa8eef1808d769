package io.verbatim.asr.deepgram;

import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.service.EventLoop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/// The server of the warm-up session: on loopback, with the part of the live protocol that one
/// regular session needs. Must be opened and closed on a thread other than the event loop.
public final class WarmupServer implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String RESULTS =
      """
      {"type":"Results","channel_index":[0,1],"start":0.0,"duration":0.1,"is_final":%s,
       "speech_final":false,"channel":{"alternatives":[{"transcript":"one","confidence":0.9,
       "languages":["en"],"words":[{"word":"one","punctuated_word":"One.","start":0.0,"end":0.1,
       "confidence":0.9,"speaker":0}]}]}}
      """;
  private static final String METADATA =
      """
      {"type":"Metadata","request_id":"warmup","duration":0.1,"channels":1}
      """;

  private final DisposableServer server;

  public WarmupServer(EventLoop loop) {
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .runOn(loop.resources())
            .route(routes -> routes.ws("/v1/listen", WarmupServer::handle))
            .bindNow(TIMEOUT);
  }

  /// Used instead of Deepgram's address.
  public URI url() {
    return URI.create("ws://127.0.0.1:" + server.port());
  }

  private static Publisher<Void> handle(WebsocketInbound in, WebsocketOutbound out) {
    return out.sendString(in.receiveFrames().concatMapIterable(WarmupServer::answers));
  }

  private static List<String> answers(WebSocketFrame frame) {
    if (!(frame instanceof TextWebSocketFrame text)) {
      return List.of(RESULTS.formatted("false"));
    }
    return text.text().contains("CloseStream")
        ? List.of(RESULTS.formatted("true"), METADATA)
        : List.of();
  }

  @Override
  public void close() {
    server.disposeNow(TIMEOUT);
  }
}
