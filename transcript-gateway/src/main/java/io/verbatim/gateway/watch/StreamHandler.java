package io.verbatim.gateway.watch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.verbatim.gateway.hub.Watcher;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServerResponse;

/// Writes what a watcher takes to its connection.
///
/// The next bytes are asked for when those before have left for the socket, and not sooner: a slow
/// connection therefore leaves them with the hub, which knows what of them may be replaced.
/// Spring's own way of writing a stream runs up to 64 writes ahead of the socket, so only the head
/// of the response goes through it.
final class StreamHandler {

  private StreamHandler() {}

  static Mono<ServerResponse> respond(Watcher watcher) {
    return ServerResponse.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .header("Cache-Control", "no-cache, no-transform")
        .header("X-Accel-Buffering", "no")
        .body((response, _) -> write(watcher, response))
        .doOnCancel(watcher::close);
  }

  private static Mono<Void> write(Watcher watcher, ReactiveHttpOutputMessage response) {
    HttpServerResponse netty =
        ServerHttpResponseDecorator.getNativeResponse((ServerHttpResponse) response);
    AtomicReference<Channel> socket = new AtomicReference<>();
    netty.withConnection(open -> socket.set(open.channel()));
    Channel channel = Objects.requireNonNull(socket.get());
    watcher.onCut(channel::close);
    return head(watcher, response)
        .then(writeNext(watcher, channel).repeat(() -> !watcher.isDone()).then())
        .doFinally(_ -> watcher.close());
  }

  /// Status, headers and the first bytes, flushed at once so that the browser knows it is heard.
  private static Mono<Void> head(Watcher watcher, ReactiveHttpOutputMessage response) {
    Mono<DataBuffer> first =
        Mono.fromFuture(watcher::next)
            .map(bytes -> response.bufferFactory().wrap(asOne(bytes).nioBuffer()));
    return response.writeAndFlushWith(Mono.just(first));
  }

  /// Completes when the bytes have been handed to the socket.
  private static Mono<Void> writeNext(Watcher watcher, Channel channel) {
    return Mono.fromFuture(watcher::next)
        .filter(bytes -> !bytes.isEmpty())
        .flatMap(bytes -> FutureMono.deferFuture(() -> channel.writeAndFlush(asOne(bytes))));
  }

  /// The shared bytes side by side, none of them copied.
  private static ByteBuf asOne(List<byte[]> bytes) {
    return Unpooled.wrappedBuffer(bytes.toArray(byte[][]::new));
  }
}
