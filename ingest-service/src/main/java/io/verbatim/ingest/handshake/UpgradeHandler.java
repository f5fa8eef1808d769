package io.verbatim.ingest.handshake;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.verbatim.ingest.connection.CallConnection;
import io.verbatim.ingest.connection.ConnectionContext;
import io.verbatim.ingest.connection.Dialect;
import io.verbatim.ingest.connection.FrameChannel;
import io.verbatim.ingest.connection.FrameHandler;
import io.verbatim.ingest.connection.FrameListener;
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
/// decoder to the [FrameHandler], which precedes Reactor Netty's handler: a frame passes no
/// operator and is not copied. Confined to the event loop.
public final class UpgradeHandler {
  /// The [FrameHandler] closes the WebSocket; Reactor Netty only sees the channel close.
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

  /// Upgrades to a WebSocket whose messages belong to a call. Cold. Completes when the handshake is
  /// answered; fails if Spring rejects the request.
  Mono<Void> upgrade(ServerWebExchange exchange, Function<CallConnection, Dialect> dialects) {
    return upgradeTo(exchange, channel -> new CallConnection(channel, context, dialects));
  }

  /// Upgrades to a WebSocket with its own listener. Cold; completes and fails as [#upgrade] does.
  public Mono<Void> upgradeTo(
      ServerWebExchange exchange, Function<FrameChannel, FrameListener> listeners) {
    return new HandshakeWebSocketService((_, _, _, _) -> answer(exchange.getResponse(), listeners))
        .handleRequest(exchange, _ -> UNTIL_CLOSED);
  }

  private Mono<Void> answer(
      ServerHttpResponse response, Function<FrameChannel, FrameListener> listeners) {
    HttpServerResponse reactor = ServerHttpResponseDecorator.getNativeResponse(response);
    return response
        .setComplete()
        .then(
            Mono.defer(() ->
                reactor.sendWebsocket(
                    (in, _) -> {
                      in.withConnection(connection -> attach(connection.channel(), listeners));
                      return UNTIL_CLOSED;
                    },
                    handshakeOnly())));
  }

  private void attach(Channel channel, Function<FrameChannel, FrameListener> listeners) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(DECODER) instanceof WebSocket13FrameDecoder) {
      pipeline.replace(DECODER, DECODER, decoder());
    }
    if (pipeline.get(PreHandshakeDataHandler.NAME) != null) {
      pipeline.remove(PreHandshakeDataHandler.NAME); // FrameHandler rejects such data too.
    }
    ChannelHandler frames = new FrameHandler(channel, loop, open, context, listeners);
    pipeline.addBefore(NettyPipeline.ReactiveBridge, FRAMES, frames);
  }

  /// Does not close a connection on a protocol violation: [FrameHandler] closes it, counts it and
  /// sends the reason. Does not validate UTF-8, because the JSON parser does.
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

  /// Disables compression, because frame limits apply before decompression.
  private WebsocketServerSpec handshakeOnly() {
    return WebsocketServerSpec.builder()
        .maxFramePayloadLength(context.maxMessageBytes())
        .handlePing(true)
        .compress(false)
        .build();
  }
}
