package io.verbatim.ingest.handshake;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.ConnectionContext;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.ingest.connection.FrameHandler;
import io.verbatim.ingest.connection.OpenConnections;
import io.verbatim.service.EventLoop;
import java.util.function.Function;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/// Upgrades a request to a WebSocket and gives its channel to a [FrameHandler].
///
/// Spring checks the request and Reactor Netty answers the handshake. Frames then go from the
/// decoder to our handler, which stands before Reactor Netty's: per frame there is no operator and
/// no copy. Confined to the event loop.
public final class UpgradeHandler {
  /// A channel closes its WebSocket itself; Reactor Netty only learns that the channel is gone.
  private static final Mono<Void> UNTIL_CLOSED = Mono.never();

  private static final String DECODER = "wsdecoder";
  private static final String FRAMES = "verbatim.frames";

  private final EventLoop loop;
  private final OpenConnections open;
  private final ConnectionContext context;

  public UpgradeHandler(EventLoop loop, OpenConnections open, ConnectionContext context) {
    this.loop = loop;
    this.open = open;
    this.context = context;
  }

  /// Answers the handshake. Cold; completes when that is done, or fails as Spring refuses it.
  Mono<Void> upgrade(ServerWebExchange exchange, Function<CallConnection, Dialect> dialects) {
    return new HandshakeWebSocketService((_, _, _, _) -> answer(exchange.getResponse(), dialects))
        .handleRequest(exchange, _ -> UNTIL_CLOSED);
  }

  private Mono<Void> answer(
      ServerHttpResponse response, Function<CallConnection, Dialect> dialects) {
    HttpServerResponse reactor = ServerHttpResponseDecorator.getNativeResponse(response);
    return response
        .setComplete()
        .then(
            Mono.defer(() ->
                reactor.sendWebsocket(
                    (in, _) -> {
                      in.withConnection(connection -> attach(connection.channel(), dialects));
                      return UNTIL_CLOSED;
                    },
                    handshakeOnly())));
  }

  private void attach(Channel channel, Function<CallConnection, Dialect> dialects) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(DECODER) instanceof WebSocket13FrameDecoder) {
      pipeline.replace(DECODER, DECODER, decoder());
    }
    if (pipeline.get(PreHandshakeDataHandler.NAME) != null) {
      pipeline.remove(PreHandshakeDataHandler.NAME); // The frame handler refuses such data too.
    }
    ChannelHandler frames = new FrameHandler(channel, loop, open, context, dialects);
    pipeline.addBefore(NettyPipeline.ReactiveBridge, FRAMES, frames);
  }

  /// Leaves it to us to close a connection whose frames it refuses: we count it, and tell a caller
  /// why. Texts are not checked twice for UTF-8: who reads them does.
  private ChannelHandler decoder() {
    return new WebSocket13FrameDecoder(
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(context.maxMessageBytes())
            .expectMaskedFrames(true)
            .allowExtensions(true)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build());
  }

  /// No compression: a frame's limit would be checked before it is inflated.
  private WebsocketServerSpec handshakeOnly() {
    return WebsocketServerSpec.builder()
        .maxFramePayloadLength(context.maxMessageBytes())
        .handlePing(true)
        .compress(false)
        .build();
  }
}
