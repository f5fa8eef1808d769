package io.verbatim.asr.deepgram;

import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.resources.LoopResources;

/// The other side of a rehearsal: a server on this machine that speaks as much of the live protocol
/// as one honest session needs, and hears nothing. Whoever opens it closes it.
public final class RehearsalServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String RESULTS =
      """
      {"type":"Results","channel_index":[0,1],"start":0.0,"duration":0.1,"is_final":%s,
       "speech_final":false,"channel":{"alternatives":[{"transcript":"one","confidence":0.9,
       "languages":["en"],"words":[{"word":"one","punctuated_word":"One.","start":0.0,"end":0.1,
       "confidence":0.9,"speaker":0}]}]}}
      """;
  private static final String METADATA =
      """
      {"type":"Metadata","request_id":"rehearsal","duration":0.1,"channels":1}
      """;

  private final LoopResources thread = LoopResources.create("rehearsal", 1, true);
  private final DisposableServer server;

  public RehearsalServer() {
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .runOn(thread)
            .route(routes -> routes.ws("/v1/listen", RehearsalServer::converse))
            .bindNow(PATIENCE);
  }

  /// What takes the place of Deepgram's address.
  public URI url() {
    return URI.create("ws://127.0.0.1:" + server.port());
  }

  private static Publisher<Void> converse(WebsocketInbound in, WebsocketOutbound out) {
    return out.sendString(in.receiveFrames().concatMapIterable(RehearsalServer::answers));
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
    server.disposeNow(PATIENCE);
    thread.dispose();
  }
}
