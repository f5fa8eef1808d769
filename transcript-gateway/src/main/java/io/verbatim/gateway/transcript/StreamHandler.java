package io.verbatim.gateway.transcript;

import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;
import static io.netty.handler.codec.http.HttpHeaderValues.CHUNKED;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.verbatim.gateway.sse.SseConnection;
import io.verbatim.service.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/// Responds with a stream of events.
///
/// WebFlux sends the head of the response and then releases the request, so that the request uses
/// no memory while the stream is open. [#untilEnd] keeps the response open.
public final class StreamHandler {

  private StreamHandler() {}

  /// Keeps a response open until its stream of events, if it has one, has ended.
  ///
  /// @param handled completes when WebFlux has handled the request
  public static Mono<Void> untilEnd(Mono<Void> handled, Connection connection) {
    return handled.switchIfEmpty(Mono.defer(() -> SseConnection.ended(connection.channel())));
  }

  /// @param begin receives the connection after the head was sent
  static Mono<ServerResponse> respond(
      ServerRequest request, EventLoop loop, Consumer<SseConnection> begin) {
    HttpServerRequest netty =
        ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
    return ServerResponse.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .header("Cache-Control", "no-cache, no-transform")
        .header("X-Accel-Buffering", "no")
        .body((response, _) ->
            sendHead(netty, response)
                .map(head -> connection(head, loop))
                .doOnNext(begin)
                .doOnNext(_ -> netty.requestHeaders().clear())
                .then());
  }

  /// Sends the head. An HTTP/1.0 client does not support chunks, so its response ends with the
  /// connection.
  private static Mono<HttpServerResponse> sendHead(
      HttpServerRequest request, ServerHttpResponse response) {
    HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
    if (HttpVersion.HTTP_1_0.equals(request.version())) {
      netty.chunkedTransfer(false).keepAlive(false);
    }
    return response.writeAndFlushWith(Mono.empty()).thenReturn(netty);
  }

  private static SseConnection connection(HttpServerResponse head, EventLoop loop) {
    boolean chunked = head.responseHeaders().contains(TRANSFER_ENCODING, CHUNKED, true);
    Channel channel = channel(head);
    head.responseHeaders().clear();
    return SseConnection.begin(loop, channel.pipeline().context(HttpServerCodec.class), chunked);
  }

  private static Channel channel(HttpServerResponse response) {
    AtomicReference<Channel> channel = new AtomicReference<>();
    response.withConnection(connection -> channel.set(connection.channel()));
    return channel.get();
  }

  /// The channel of a response.
  static Channel channel(ServerHttpResponse response) {
    return channel(ServerHttpResponseDecorator.<HttpServerResponse>getNativeResponse(response));
  }

  /// Completes when all bytes written to a channel were sent, or the channel has failed.
  static CompletionStage<Void> written(Channel channel) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    channel
        .eventLoop() // After the bytes that Reactor Netty is about to write.
        .execute(() -> {
          ChannelHandlerContext http = channel.pipeline().context(HttpServerCodec.class);
          if (http == null) {
            written.complete(null); // A closed channel has no handlers.
          } else {
            http.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> written.complete(null));
          }
        });
    return written;
  }
}
