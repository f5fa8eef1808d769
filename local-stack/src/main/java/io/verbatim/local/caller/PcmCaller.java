package io.verbatim.local.caller;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.verbatim.local.audio.WavFile;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Plays recordings of any supported form to an ingest service by the pcm dialect, in real time.
/// Stateless between calls; thread-safe.
///
/// @param ingest the service's URL
/// @param token the JWT for the handshake
/// @param tenantId the tenant of the calls
public record PcmCaller(URI ingest, String token, String tenantId) {

  /// Starts a call and plays `wav`.
  public OngoingCall call(WavFile wav) {
    Connection connection =
        new Connection(wav, new OngoingCall("pcm-" + UUID.randomUUID()), tenantId);
    HttpClient.newConnection()
        .headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token))
        .websocket()
        .uri(ingest)
        .handle(connection::exchange)
        .subscribe(null, connection.call::fail, connection::ended);
    return connection.call;
  }

  private static final class Connection {
    private final WavFile wav;
    private final OngoingCall call;
    private final String tenantId;
    private final Sinks.Empty<Void> started = Sinks.empty();
    private final AtomicLong frames = new AtomicLong();
    private volatile long stored;
    private volatile @Nullable String problem;

    Connection(WavFile wav, OngoingCall call, String tenantId) {
      this.wav = wav;
      this.call = call;
      this.tenantId = tenantId;
    }

    private Publisher<Void> exchange(WebsocketInbound in, WebsocketOutbound out) {
      Flux<WebSocketFrame> audio =
          RealTimeFrames.of(wav)
              .takeUntilOther(call.hangUpRequested())
              .doOnNext(_ -> frames.incrementAndGet())
              .map(bytes -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
      Flux<WebSocketFrame> outgoing =
          Flux.<WebSocketFrame>just(text(PcmMessages.start(call.callId(), tenantId, wav)))
              .concatWith(started.asMono().or(call.hangUpRequested()).thenMany(audio))
              .concatWith(Mono.defer(() -> stopMessage(in)));
      Mono<Void> sent = out.sendObject(outgoing, _ -> true).then();
      Mono<Void> received = in.receive().asString().doOnNext(this::onMessage).then();
      return received.or(sent.then(Mono.never())); // open until the service closes it
    }

    private Mono<WebSocketFrame> stopMessage(WebsocketInbound in) {
      if (call.isDropped()) {
        return Mono.fromRunnable(() -> in.withConnection(open -> open.channel().close()));
      }
      return Mono.just(text(PcmMessages.stop()));
    }

    private void onMessage(String message) {
      JsonNode event = JsonMapper.shared().readTree(message);
      switch (event.path("event").asString("")) {
        case "started" -> started.tryEmitEmpty();
        case "ack" -> stored = event.path("seq").asLong();
        case "stopped" -> stored = event.path("frames").asLong();
        case "error" -> problem = event.path("message").asString("");
        default -> {} // unknown events of newer services are ignored
      }
    }

    private void ended() {
      call.end(new CallEnd(frames.get(), stored, problem));
    }

    private static WebSocketFrame text(String message) {
      return new TextWebSocketFrame(message);
    }
  }
}
