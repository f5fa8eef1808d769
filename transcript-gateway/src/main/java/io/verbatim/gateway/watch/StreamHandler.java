package io.verbatim.gateway.watch;

import io.verbatim.gateway.hub.Watcher;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.netty.http.server.HttpServerResponse;

/// Writes what a watcher takes to its connection.
///
/// The next bytes are asked for when those before have been written, and not sooner: a slow
/// connection therefore leaves them with the hub, which knows what of them may be replaced.
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
    if (response instanceof ServerHttpResponse server) {
      HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(server);
      netty.withConnection(connection -> watcher.onCut(connection::dispose));
    }
    Flux<Publisher<DataBuffer>> writes =
        Flux.generate(sink -> offer(watcher, response.bufferFactory(), sink));
    return response.writeAndFlushWith(writes).doFinally(_ -> watcher.close());
  }

  /// One write: nothing is taken for it before it is its turn.
  private static void offer(
      Watcher watcher, DataBufferFactory buffers, SynchronousSink<Publisher<DataBuffer>> sink) {
    if (watcher.isDone()) {
      sink.complete();
    } else {
      sink.next(Mono.fromFuture(watcher::next).flatMapIterable(bytes -> bytes).map(buffers::wrap));
    }
  }
}
